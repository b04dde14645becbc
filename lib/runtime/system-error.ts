/**
 * What went wrong in the system's own words (strerror), as Redis tells them; Node's messages have others.
 */

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied',
  EADDRINUSE: 'Address already in use',
  EADDRNOTAVAIL: 'Cannot assign requested address',
  ECONNREFUSED: 'Connection refused',
  ECONNRESET: 'Connection reset by peer',
  EDQUOT: 'Disk quota exceeded',
  EEXIST: 'File exists',
  EHOSTUNREACH: 'No route to host',
  EIO: 'Input/output error',
  EISDIR: 'Is a directory',
  EMFILE: 'Too many open files',
  ENETUNREACH: 'Network is unreachable',
  ENOENT: 'No such file or directory',
  ENOSPC: 'No space left on device',
  ENOTDIR: 'Not a directory',
  EPERM: 'Operation not permitted',
  EPIPE: 'Broken pipe',
  EROFS: 'Read-only file system',
  ETIMEDOUT: 'Connection timed out',
}

/** What the system says of an error: `Permission denied`; of a rare one in Node's words. */
export function reasonOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException
  const known = REASONS[code]
  if (known !== undefined) return known
  const reason = /^[A-Z0-9]+: ([^,]+)/.exec(message)?.[1] ?? message
  return reason.charAt(0).toUpperCase() + reason.slice(1)
}
