/** Where SSM shows the secrets of Secrets Manager. */
const REFERENCE = '/aws/reference/secretsmanager/';

const sub = (text) => ({ 'Fn::Sub': text });
const allow = (Action, Resource, Condition) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
});

/** Whichever key encrypts one secret, and nothing else under that key. */
const decrypt = (service, contextKey, arn) =>
  allow('kms:Decrypt', sub(`arn:\${AWS::Partition}:kms:\${AWS::Region}:\${AWS::AccountId}:key/*`), {
    StringEquals: { 'kms:ViaService': sub(`${service}.\${AWS::Region}.amazonaws.com`) },
    StringLike: { [`kms:EncryptionContext:${contextKey}`]: arn },
  });

/** A name may begin with a slash, and its ARN has one slash in either case. */
const parameterArn = (name) =>
  sub(`arn:\${AWS::Partition}:ssm:\${AWS::Region}:\${AWS::AccountId}:parameter/${name.replace(/^\//, '')}`);

/** Secrets Manager puts a hyphen and six characters after a secret's name. */
const secretArn = (name) =>
  sub(`arn:\${AWS::Partition}:secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:${name}-??????`);

/**
 * What a role needs to read the parameter of a name, and no other: a SecureString, or a secret of Secrets Manager under
 * SSM's name for it. Both services decrypt as the one who asks.
 *
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/integration-ps-secretsmanager.html
 */
function statementsFor(name) {
  const parameter = parameterArn(name);
  const read = allow('ssm:GetParameter', parameter);
  if (!name.startsWith(REFERENCE)) return [read, decrypt('ssm', 'PARAMETER_ARN', parameter)];
  const secret = secretArn(name.slice(REFERENCE.length));
  return [
    read,
    allow('secretsmanager:GetSecretValue', secret),
    decrypt('secretsmanager', 'SecretARN', secret),
  ];
}

/** For infra/iam.yml: the statements for the token or the webhook, of which a stack has one at most. */
module.exports = async ({ resolveVariable }) => {
  const token = await resolveVariable('param:slackTokenParameter');
  const webhook = await resolveVariable('param:slackWebhookParameter');
  const name = String(token || webhook);
  return name === '' ? [] : statementsFor(name);
};
module.exports.statementsFor = statementsFor;
