import { describe, expect, it } from 'vitest';
import { renderFormat } from '#shared/domain/logging/render-format.ts';
import { typicalValue } from '#shared/domain/logging/typical-values.ts';
import { spellingOf } from '#shared/domain/logs/access/access-log-fields.ts';
import { collectFields } from '#shared/domain/logs/access/collect-fields.ts';
import { parseAccessLog } from '#shared/domain/logs/access/parse-access-log.ts';
import { createReadAccessLogLine } from '#shared/domain/logs/access/read-access-log-line.ts';
import { DOCUMENTED_FORMATS } from '#test/fakes/documented-formats.ts';
import { SENSITIVE_ALIASES, SENSITIVE_VARIABLES } from '#test/fakes/sensitive-variables.ts';

const MARKER = 'SECRET-MARKER';

function words(variable: string, separator: string): string {
  return variable
    .replace(/([A-Z])/g, '.$1')
    .toLowerCase()
    .replaceAll('.', separator);
}

function nest(path: readonly string[], value: unknown): object {
  return path.reduceRight((inner, key) => ({ [key]: inner }), value) as unknown as object;
}

const LINES = [...SENSITIVE_VARIABLES, ...SENSITIVE_ALIASES].flatMap((variable) => [
  { variable, naming: 'flat', line: { [variable]: MARKER } },
  { variable, naming: 'snake_case', line: { [words(variable, '_')]: MARKER } },
  { variable, naming: 'joined', line: { [words(variable, '')]: MARKER } },
  { variable, naming: '$context', line: { [`$context.${variable}`]: MARKER } },
  { variable, naming: 'nested', line: nest(variable.split('.'), MARKER) },
]);

describe('what is not read', () => {
  it.each(LINES)('collectFields() never reads $variable ($naming)', ({ line }) => {
    expect(collectFields(line, spellingOf).fields).toEqual({});
  });

  it('parseAccessLog() keeps nothing of any of them', () => {
    const request = {
      requestId: 'r',
      status: '500',
      requestTimeEpoch: '1686411388000',
      errorMessage: MARKER,
    };
    const line = JSON.stringify(Object.assign({}, ...LINES.map((secret) => secret.line), request));
    const readLine = createReadAccessLogLine();

    const parsed = [1, 2].map(() => parseAccessLog(readLine, line, 0));

    expect(parsed.every(({ ok }) => ok)).toBe(true);
    expect(JSON.stringify(parsed)).not.toContain(MARKER);
  });

  it('parseAccessLog() keeps no text of messages, only what they say of the cause', () => {
    const line = JSON.stringify({
      status: '403',
      requestTimeEpoch: '1686411388000',
      errorMessage: `User: arn:aws:iam::123456789012:user/${MARKER} is not authorized to perform: execute-api:Invoke`,
      'authorizer.error': MARKER,
      'integration.error': MARKER,
      validationErrorString: MARKER,
    });

    const parsed = parseAccessLog(createReadAccessLogLine(), line, 0);

    expect(parsed).toMatchObject({ ok: true, request: { status: 403 } });
    expect(JSON.stringify(parsed)).not.toContain(MARKER);
  });

  it('parseAccessLog() puts no text of a rejected line into the reason', () => {
    for (const text of [MARKER, `{"a":"${MARKER}"}`, `{"requestId":"${MARKER}"}`, `{"x":"${MARKER}`]) {
      expect(JSON.stringify(parseAccessLog(createReadAccessLogLine(), text, 0))).not.toContain(MARKER);
    }
  });

  it.each(DOCUMENTED_FORMATS)('no address and no user is read from $name of a $apiType API', (format) => {
    const line = renderFormat(format.template, (variable) =>
      variable.startsWith('identity.') ? MARKER : typicalValue(format.apiType, variable),
    );

    const read = createReadAccessLogLine({ keepsPath: true })(line);

    expect(line).toContain(MARKER);
    expect(read).toMatchObject({ fields: { status: '200' } });
    expect(JSON.stringify(read)).not.toContain(MARKER);
  });

  it.each(DOCUMENTED_FORMATS.filter(({ apiType, name }) => apiType === 'REST' && /CLF|CSV/.test(name)))(
    'no raw path is read from $name of a REST API',
    ({ apiType, template }) => {
      const line = renderFormat(template, (variable) =>
        variable === 'resourcePath' ? `/users/${MARKER}?a=b` : typicalValue(apiType, variable),
      );

      const read = createReadAccessLogLine()(line);

      expect(read).toMatchObject({ fields: { status: '200' } });
      expect(JSON.stringify(read)).not.toContain(MARKER);
    },
  );
});
