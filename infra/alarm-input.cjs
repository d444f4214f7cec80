const DISPATCH_ALERTS = { 'Fn::GetAtt': ['DispatchDashalertsLambdaFunction', 'Arn'] };

/**
 * A topic of the user's whose alarm messages come in too; alarms of this account and Region come from EventBridge
 * anyway. Made here, and only with a topic: under a condition there would be resources with an empty ARN, which
 * cfn-lint takes for errors.
 */
function resourcesFor(topicArn) {
  return {
    AlarmTopicPermission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: DISPATCH_ALERTS,
        Action: 'lambda:InvokeFunction',
        Principal: 'sns.amazonaws.com',
        SourceArn: topicArn,
      },
    },
    AlarmTopicSubscription: {
      Type: 'AWS::SNS::Subscription',
      DependsOn: 'AlarmTopicPermission',
      Properties: {
        TopicArn: topicArn,
        Protocol: 'lambda',
        Endpoint: DISPATCH_ALERTS,
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['AlertDeadLetters', 'Arn'] } },
      },
    },
  };
}

/** For serverless.yml. */
module.exports = async ({ resolveVariable }) => {
  const topicArn = String(await resolveVariable('param:alarmTopicArn'));
  return topicArn === '' ? {} : { Resources: resourcesFor(topicArn) };
};
