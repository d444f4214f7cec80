/** CloudWatch did not take metric data in time, and it could not be put off either. The next attempt goes on there. */
export class MetricDataNotTakenError extends Error {
  override readonly name = 'MetricDataNotTakenError';
}

/** Another invocation counts the same envelope now. */
export class EnvelopeLeasedError extends Error {
  override readonly name = 'EnvelopeLeasedError';
}
