/** Something the user can put right: wrong usage or input that cannot be read. Ends the program with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
