import { userInfo } from 'node:os';

/** What the system calls the user; `null` for one without an entry in its list, as in some containers. */
export function userName(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}
