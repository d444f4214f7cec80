import type { AccessLogField } from '#shared/domain/logs/access/access-log-fields.ts';
import type { ApiType } from '#shared/domain/logs/access/request.ts';

/** A fact that Gatewatch takes out of an access-log line. */
export type FormatNeed = {
  /** Where the reader puts it; one of them is enough. */
  readonly fields: readonly AccessLogField[];
  /** The variables that hold it, without `$context.`, the one to use first. */
  readonly variables: readonly [string, ...string[]];
  /** What is lost without it, in few words. */
  readonly loss: string;
  /** Kinds of API that have such a variable. */
  readonly apiTypes: readonly ApiType[];
};

const ALL: readonly ApiType[] = ['REST', 'HTTP', 'WEBSOCKET'];
const REQUESTS: readonly ApiType[] = ['REST', 'HTTP'];
const PHASED: readonly ApiType[] = ['REST', 'WEBSOCKET'];

const NO_CAUSE = 'which layer refused or failed a request';
const NO_ROUTE = 'which route fails';

/** What a request is counted by; without it there is nothing. */
export const STATUS_NEED: FormatNeed = {
  fields: ['status'],
  variables: ['status'],
  loss: 'everything: a line without status is not counted',
  apiTypes: ALL,
};

/** What tells the stage of a request; without it, its log group has to. */
export const IDENTITY_NEEDS: readonly FormatNeed[] = [
  { fields: ['apiId'], variables: ['apiId'], loss: 'which stage it was', apiTypes: ALL },
  { fields: ['stage'], variables: ['stage'], loss: 'which stage it was', apiTypes: ALL },
];

/** All other facts that Gatewatch uses, those whose loss hurts most first. */
export const OTHER_NEEDS: readonly FormatNeed[] = [
  {
    fields: ['time'],
    variables: ['requestTimeEpoch', 'requestTime'],
    loss: "the request's own time; the log event's is taken",
    apiTypes: ALL,
  },
  { fields: ['errorType'], variables: ['error.responseType'], loss: NO_CAUSE, apiTypes: ALL },
  {
    fields: ['errorMessage'],
    variables: ['error.message', 'error.messageString'],
    loss: 'causes that only the message tells',
    apiTypes: ALL,
  },
  {
    fields: ['integrationStatus', 'integrationServiceStatus'],
    variables: ['integration.status', 'integrationStatus', 'integration.integrationStatus'],
    loss: "the backend's errors and its own 429",
    apiTypes: ALL,
  },
  {
    fields: ['integrationError'],
    variables: ['integration.error', 'integrationErrorMessage'],
    loss: 'timeout, network, permission or function error',
    apiTypes: ALL,
  },
  {
    fields: ['authorizerError'],
    variables: ['authorizer.error'],
    loss: 'why an authorizer refused',
    apiTypes: ALL,
  },
  {
    fields: ['wafResponseCode', 'wafStatus'],
    variables: ['wafResponseCode', 'waf.status'],
    loss: 'what the firewall blocked',
    apiTypes: ['REST'],
  },
  {
    fields: ['wafStatus'],
    variables: ['waf.status'],
    loss: 'what the firewall blocked',
    apiTypes: ['WEBSOCKET'],
  },
  {
    fields: ['validationError'],
    variables: ['error.validationErrorString'],
    loss: 'why a request was invalid',
    apiTypes: PHASED,
  },
  { fields: ['responseLatency'], variables: ['responseLatency'], loss: 'latency', apiTypes: REQUESTS },
  {
    fields: ['integrationLatency'],
    variables: ['integration.latency', 'integrationLatency'],
    loss: "the backend's part of latency",
    apiTypes: ALL,
  },
  { fields: ['routeKey'], variables: ['routeKey'], loss: NO_ROUTE, apiTypes: ['HTTP', 'WEBSOCKET'] },
  { fields: ['resourcePath'], variables: ['resourcePath'], loss: NO_ROUTE, apiTypes: ['REST'] },
  { fields: ['httpMethod'], variables: ['httpMethod'], loss: NO_ROUTE, apiTypes: ['REST'] },
  {
    fields: ['requestId', 'extendedRequestId'],
    variables: ['requestId', 'extendedRequestId'],
    loss: 'its lines in the execution log',
    apiTypes: ALL,
  },
];
