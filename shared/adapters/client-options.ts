/** What the SDK takes of an application id. */
const MAX_APP_ID_LENGTH = 50;

/**
 * Options of an AWS client in a Lambda. A call that hangs must fail while there is time to do something about it: the
 * SDK has no timeouts by default. The user agent names the function, so that CloudTrail tells whose call it was.
 *
 * @param functionName - From `AWS_LAMBDA_FUNCTION_NAME`
 * @see {@link https://docs.aws.amazon.com/sdkref/latest/guide/feature-appid.html}
 */
export function createClientOptions(functionName: string) {
  return {
    userAgentAppId: functionName.slice(0, MAX_APP_ID_LENGTH),
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
  } as const;
}
