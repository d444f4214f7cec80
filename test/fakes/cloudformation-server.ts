import type { ReceivedRequest, Reply } from '#test/fakes/http-server.ts';

/** The outputs of each stack by name; no outputs for a stack that failed. */
export type Stacks = ReadonlyMap<string, Readonly<Record<string, string>>>;

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function xml(status: number, body: string): Reply {
  return { status, headers: { 'content-type': 'text/xml' }, body };
}

/** An error in the words of AWS's query protocol. */
export function queryError(status: number, code: string, message: string): Reply {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>`;
  return xml(status, `<ErrorResponse>${error}<RequestId>test</RequestId></ErrorResponse>`);
}

/** Answers DescribeStacks, and refuses everything else. */
export function answerCloudFormation(stacks: Stacks, { body }: ReceivedRequest): Reply {
  const form = new URLSearchParams(body);
  const name = form.get('StackName') ?? '';
  if (form.get('Action') !== 'DescribeStacks' || form.get('Version') !== '2010-05-15')
    return queryError(400, 'InvalidAction', 'Could not find operation');
  const outputs = stacks.get(name);
  if (outputs === undefined)
    return queryError(400, 'ValidationError', `Stack with id ${name} does not exist`);
  const members = Object.entries(outputs)
    .map(
      ([key, value]) =>
        `<member><OutputKey>${key}</OutputKey><OutputValue>${escapeXml(value)}</OutputValue></member>`,
    )
    .join('');
  const stack = `<StackName>${name}</StackName><StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>2026-01-01T00:00:00Z</CreationTime><Outputs>${members}</Outputs>`;
  return xml(
    200,
    `<DescribeStacksResponse><DescribeStacksResult><Stacks><member>${stack}</member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
  );
}
