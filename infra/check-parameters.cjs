const isNumber = (value) => /^\d+(\.\d+)?$/.test(value);
const isWhole = (value) => /^\d+$/.test(value);

const EMAIL = { isRight: (value) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value), must: 'be an e-mail address' };
const ABOVE_ZERO = { isRight: (value) => isNumber(value) && Number(value) > 0, must: 'be a number above 0' };
const COUNT = { isRight: (value) => isWhole(value) && Number(value) > 0, must: 'be a whole number above 0' };
const RATIO = {
  isRight: (value) => ABOVE_ZERO.isRight(value) && Number(value) < 1,
  must: 'be between 0 and 1',
};
const SETTLE_SECONDS = {
  isRight: (value) => COUNT.isRight(value) && Number(value) <= 600,
  must: 'be 1 to 600',
};
const SSM_NAME = {
  isRight: (value) =>
    /^\/?[\w.-]+(\/[\w.-]+)*$/.test(value) || /^\/aws\/reference\/secretsmanager\/[\w/+=.@-]+$/.test(value),
  must: 'be the name of a parameter in SSM, or /aws/reference/secretsmanager/ and the name of a secret',
};
const API_URL = {
  isRight: (value) => /^https?:\/\/[\w.:-]+\/([\w.-]+\/)*$/.test(value),
  must: 'be a web address that ends with /',
};
const SLACK_CHANNEL = {
  isRight: (value) => /^([CG][A-Z0-9]{6,20}|#[^\s#@<>]{1,80})$/.test(value),
  must: "be a channel's id, such as C0123456789, or # and its name",
};
const SLACK_MENTION = {
  isRight: (value) => /^<(!here|!channel|!subteam\^S[A-Z0-9]{1,20}|@[UW][A-Z0-9]{1,20})>$/.test(value),
  must: 'be <!here>, <!channel>, <!subteam^S...> or <@U...>',
};
const WEB_PAGE = {
  isRight: (value) => /^https?:\/\/[^\s#<>|"]{1,500}$/.test(value),
  must: 'be the address of a web page, without #',
};
/** Names go into an environment variable of the function, which has 4 KB for all of them. */
const ALARM_NAMES = {
  isRight: (value) =>
    value.length <= 2_000 &&
    value.split(',').every((name) => name.trim() !== '' && name.trim().length <= 255),
  must: 'be names of alarms with commas between, 2,000 characters at most',
};
const TOPIC_ARN = {
  isRight: (value) => /^arn:aws[\w-]*:sns:[a-z\d-]+:\d{12}:[\w-]+$/.test(value),
  must: 'be the ARN of an SNS topic that is not FIFO',
};
const oneOf = (...words) => ({ isRight: (value) => words.includes(value), must: `be ${words.join(' or ')}` });
const orEmpty = ({ isRight, must }) => ({ isRight: (value) => value === '' || isRight(value), must });

/** What each parameter of serverless.yml must be. */
const RULES = {
  alarmEmail: EMAIL,
  alarmNames: orEmpty(ALARM_NAMES),
  alarmTopicArn: orEmpty(TOPIC_ARN),
  availabilityTarget: RATIO,
  ingestConcurrency: COUNT,
  logRetentionDays: COUNT, // osls knows the numbers that CloudWatch takes
  putMetricDataQuota: COUNT,
  quotaBurst: orEmpty(ABOVE_ZERO),
  quotaRps: orEmpty(ABOVE_ZERO),
  reserveConcurrency: oneOf('yes', 'no'),
  runbookUrl: orEmpty(WEB_PAGE),
  settleSeconds: SETTLE_SECONDS,
  slackApiUrl: orEmpty(API_URL),
  slackChannel: orEmpty(SLACK_CHANNEL),
  slackMention: orEmpty(SLACK_MENTION),
  slackMinSeverity: oneOf('warning', 'critical'),
  slackTokenParameter: orEmpty(SSM_NAME),
  slackWebhookParameter: orEmpty(SSM_NAME),
  snsMinSeverity: oneOf('warning', 'critical'),
  subscribe: oneOf('auto', 'manual'),
};

/** What does not go together, of parameters that are each right. */
function findConflicts(parameters) {
  const has = (key) => String(parameters[key] ?? '') !== '';
  const hasToken = has('slackTokenParameter');
  const rules = [
    [
      hasToken && has('slackWebhookParameter'),
      'slackWebhookParameter must be empty with slackTokenParameter: Slack would hear everything twice',
    ],
    [hasToken && !has('slackChannel'), 'slackChannel must be set with slackTokenParameter'],
    [
      !hasToken && has('slackChannel'),
      'slackChannel must be empty without slackTokenParameter: a webhook has its own channel',
    ],
    [
      !hasToken && has('slackMention'),
      'slackMention must be empty without slackTokenParameter: a webhook calls nobody',
    ],
  ];
  return rules.filter(([isBroken]) => isBroken).map(([, problem]) => problem);
}

/** What is wrong with some parameters. Values are not repeated: one of them may be a secret in the wrong place. */
function findProblems(parameters) {
  const known = Object.keys(RULES);
  const unknown = Object.keys(parameters).filter((key) => !known.includes(key));
  const wrong = known.filter((key) => !RULES[key].isRight(String(parameters[key] ?? '')));
  const problems = [
    ...unknown.map((key) => `${key} is no parameter; there are ${known.join(', ')}`),
    ...wrong.map((key) => `${key} must ${RULES[key].must}`),
  ];
  return problems.length > 0 ? problems : findConflicts(parameters);
}

/** The parameters of a run as osls sees them: command line before stage before default. */
function readParameters({ params = {} }, stage, options) {
  const given = (options.param ?? []).map((item) => /^([^=]+)=(.*)$/s.exec(item)?.slice(1) ?? [item, '']);
  return { ...params.default, ...params[stage], ...Object.fromEntries(given) };
}

/**
 * Plugin of osls that refuses to package with a wrong parameter. Without it a wrong value would show at the first cold
 * start, and a mistyped name never: osls ignores names that it does not know. Other commands need no parameters.
 */
class CheckParameters {
  constructor(serverless, options) {
    const check = () => {
      const stage = serverless.getProvider('aws').getStage();
      const problems = findProblems(readParameters(serverless.configurationInput, stage, options));
      if (problems.length === 0) return;
      const { Error: ServerlessError } = serverless.classes;
      throw new ServerlessError(`${problems.join('\n')}\nSee docs/configuration.md`, 'WRONG_PARAMETERS');
    };
    this.hooks = { 'before:package:cleanup': check };
  }
}

module.exports = CheckParameters;
module.exports.findProblems = findProblems;
module.exports.PARAMETERS = Object.keys(RULES);
