import type { ApiType } from '#shared/domain/logs/access/request.ts';

/** A format that is documented, and which kind of API it is for. */
export type DocumentedFormat = {
  readonly name: string;
  readonly apiType: ApiType;
  readonly template: string;
};

const REST_REQUEST =
  '$context.httpMethod $context.resourcePath $context.protocol" $context.status $context.responseLength $context.requestId';
const IDENTITY = '$context.identity.sourceIp $context.identity.caller $context.identity.user';

/**
 * The access-log formats of AWS's documentation, but JSON; and the one that osls configures.
 *
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html | REST}
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html | HTTP}
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html | WebSocket}
 */
export const DOCUMENTED_FORMATS: readonly DocumentedFormat[] = [
  {
    name: 'CLF of 2023',
    apiType: 'REST',
    template: `${IDENTITY} [$context.requestTime] "${REST_REQUEST} $context.extendedRequestId`,
  },
  {
    name: 'CLF of 2026',
    apiType: 'REST',
    template: `${IDENTITY} [$context.requestTime]"${REST_REQUEST} $context.extendedRequestId`,
  },
  {
    name: 'CLF for CloudFormation',
    apiType: 'REST',
    template: `$context.extendedRequestId ${IDENTITY} [$context.requestTime] "${REST_REQUEST}`,
  },
  {
    name: 'CSV',
    apiType: 'REST',
    template:
      '$context.identity.sourceIp,$context.identity.caller,$context.identity.user,$context.requestTime,$context.httpMethod,$context.resourcePath,$context.protocol,$context.status,$context.responseLength,$context.requestId,$context.extendedRequestId',
  },
  {
    name: 'CSV with the extended id first',
    apiType: 'REST',
    template:
      '$context.extendedRequestId,$context.identity.sourceIp,$context.identity.caller,$context.identity.user,$context.requestTime,$context.httpMethod,$context.resourcePath,$context.protocol,$context.status,$context.responseLength,$context.requestId',
  },
  {
    name: 'XML',
    apiType: 'REST',
    template:
      '<request id="$context.requestId"> <extendedRequestId>$context.extendedRequestId</extendedRequestId> <ip>$context.identity.sourceIp</ip> <caller>$context.identity.caller</caller> <user>$context.identity.user</user> <requestTime>$context.requestTime</requestTime> <httpMethod>$context.httpMethod</httpMethod> <resourcePath>$context.resourcePath</resourcePath> <status>$context.status</status> <protocol>$context.protocol</protocol> <responseLength>$context.responseLength</responseLength> </request>',
  },
  {
    name: 'pairs of osls',
    apiType: 'REST',
    template:
      'requestId: $context.requestId, ip: $context.identity.sourceIp, caller: $context.identity.caller, user: $context.identity.user, requestTime: $context.requestTime, httpMethod: $context.httpMethod, resourcePath: $context.resourcePath, status: $context.status, protocol: $context.protocol, responseLength: $context.responseLength',
  },
  {
    name: 'CLF',
    apiType: 'HTTP',
    template:
      '$context.identity.sourceIp - - [$context.requestTime] "$context.httpMethod $context.routeKey $context.protocol" $context.status $context.responseLength $context.requestId $context.extendedRequestId',
  },
  {
    name: 'CSV',
    apiType: 'HTTP',
    template:
      '$context.identity.sourceIp,$context.requestTime,$context.httpMethod,$context.routeKey,$context.protocol,$context.status,$context.responseLength,$context.requestId,$context.extendedRequestId',
  },
  {
    name: 'XML',
    apiType: 'HTTP',
    template:
      '<request id="$context.requestId"> <ip>$context.identity.sourceIp</ip> <requestTime>$context.requestTime</requestTime> <httpMethod>$context.httpMethod</httpMethod> <routeKey>$context.routeKey</routeKey> <status>$context.status</status> <protocol>$context.protocol</protocol> <responseLength>$context.responseLength</responseLength> <extendedRequestId>$context.extendedRequestId</extendedRequestId> </request>',
  },
  {
    name: 'CLF',
    apiType: 'WEBSOCKET',
    template: `${IDENTITY} [$context.requestTime] "$context.eventType $context.routeKey $context.connectionId" $context.status $context.requestId`,
  },
  {
    name: 'CSV',
    apiType: 'WEBSOCKET',
    template:
      '$context.identity.sourceIp,$context.identity.caller,$context.identity.user,$context.requestTime,$context.eventType,$context.routeKey,$context.connectionId,$context.status,$context.requestId',
  },
  {
    name: 'XML',
    apiType: 'WEBSOCKET',
    template:
      '<request id="$context.requestId"> <ip>$context.identity.sourceIp</ip> <caller>$context.identity.caller</caller> <user>$context.identity.user</user> <requestTime>$context.requestTime</requestTime> <eventType>$context.eventType</eventType> <routeKey>$context.routeKey</routeKey> <status>$context.status</status> <connectionId>$context.connectionId</connectionId> </request>',
  },
];
