import type { CauseSlug } from '#shared/domain/causes/causes.ts';
import type { FailureFacts } from '#shared/domain/causes/failure-facts.ts';

/** A request as the variables of a log line tell it, and what it must be called. */
export type FailedRequest = {
  /** `null` for a request that did not fail. */
  readonly slug: CauseSlug | null;
  readonly happened: string;
  readonly facts: FailureFacts;
};

function otherFacts(cell: string): Record<string, string> {
  if (cell === '-') return {};
  return Object.fromEntries(
    cell.split('; ').map((fact) => {
      const [name = '', ...value] = fact.split('=');
      return [name, value.join('=')];
    }),
  );
}

function parseRow(line: string): FailedRequest {
  const [slug = '', status, type = '-', own = '-', service = '-', message = '-', other = '-', happened = ''] =
    line.split(' | ');
  return {
    slug: slug === 'none' ? null : (slug as CauseSlug),
    happened,
    facts: {
      status: Number(status),
      integrationStatus: own === '-' ? null : Number(own),
      ...(type !== '-' && { errorType: type }),
      ...(service !== '-' && { integrationServiceStatus: service }),
      ...(message !== '-' && { errorMessage: message }),
      ...otherFacts(other),
    },
  };
}

/**
 * Reads a table of requests. Columns: cause | status | error.responseType | integration.status |
 * integration.integrationStatus | error.message | other facts, by `; ` | what happened.
 */
export function parseFailedRequests(table: string): FailedRequest[] {
  return table
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map(parseRow);
}
