/**
 * For infra/event-bus.yml: who is told of incidents, and from which severity on, as `sns=warning,slack=critical`.
 * `gatewatch drill` waits for these.
 */
module.exports = async ({ resolveVariable }) => {
  const of = (parameter) => resolveVariable(`param:${parameter}`);
  const secrets = [await of('slackTokenParameter'), await of('slackWebhookParameter')];
  const receivers = [`sns=${await of('snsMinSeverity')}`];
  if (secrets.some((name) => name !== '')) receivers.push(`slack=${await of('slackMinSeverity')}`);
  return receivers.join(',');
};
