import type { CauseSlug } from '#shared/domain/causes/causes.ts';
import type { FailureFacts } from '#shared/domain/causes/failure-facts.ts';
import { causeOfGatewayText } from '#shared/domain/causes/failure-texts.ts';

/** WAF may answer with any status, and its answer takes precedence over gateway responses. */
export function byWaf({ wafResponseCode, wafStatus }: FailureFacts): CauseSlug | null {
  return wafResponseCode === 'WAF_BLOCK' || wafStatus === '403' ? 'waf.blocked' : null;
}

/** What an authorizer says may be its author's own text, so only what it tells of the credentials is taken. */
export function byAuthorizer({ status, authorizerError }: FailureFacts): CauseSlug | null {
  if (authorizerError === undefined) return null;
  const told = causeOfGatewayText(authorizerError);
  if (status >= 500)
    return told === 'integration.permission' ? 'auth.authorizer-misconfigured' : 'auth.authorizer-failed';
  if (told === 'auth.expired' || told === 'auth.signature') return told;
  return status === 401 ? 'auth.unauthorized' : 'auth.denied';
}

/** The phases before the integration, by their statuses: for formats that log neither message nor type. */
export function byPhase({
  status,
  authenticateStatus,
  authorizeStatus,
  authorizerStatus,
}: FailureFacts): CauseSlug | null {
  if (status >= 500) return /^5\d\d$/.test(authorizerStatus ?? '') ? 'auth.authorizer-failed' : null;
  if (authorizeStatus === '403' || authorizerStatus === '403') return 'auth.denied';
  const refused = [authenticateStatus, authorizeStatus, authorizerStatus];
  return refused.includes('401') || authenticateStatus === '403' ? 'auth.unauthorized' : null;
}
