import * as v from 'valibot';

/** Environment variables that are missing or wrong; the message names each of them, never its value. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/** A variable that must not be empty. */
export const Text = v.pipe(v.string(), v.nonEmpty('is empty'));

/** A variable that holds a number above 0. */
export const PositiveNumber = v.pipe(
  Text,
  v.regex(/^\d+(\.\d+)?$/, 'is not a number'),
  v.transform(Number),
  v.gtValue(0, 'is not above 0'),
);

/** A variable that may be missing or empty, which is `null`, and else holds a number above 0. */
export const OptionalPositiveNumber = v.optional(
  v.union([
    v.pipe(
      v.literal(''),
      v.transform(() => null),
    ),
    PositiveNumber,
  ]),
  '',
);

/** A variable that holds a share between 0 and 1, both excluded. */
export const Ratio = v.pipe(PositiveNumber, v.ltValue(1, 'is not below 1'));

/**
 * Reads the variables of one function.
 *
 * @param schema - An object schema of exactly the variables that are used
 * @throws {EnvironmentError} Naming every variable that is missing or wrong
 */
export function parseEnvironment<const TSchema extends v.GenericSchema>(
  schema: TSchema,
  env: NodeJS.ProcessEnv,
): v.InferOutput<TSchema> {
  const result = v.safeParse(schema, env);
  if (result.success) return result.output;
  const problems = result.issues.map((issue) => {
    // A variable that is not there at all is an issue of the object, with a message that is not ours.
    const problem = issue.type === 'object' ? 'is missing' : issue.message;
    return `${v.getDotPath(issue) ?? '?'} ${problem}`;
  });
  throw new EnvironmentError(`Cannot start: ${[...new Set(problems)].join(', ')}`);
}
