import type { CauseSlug } from '#shared/domain/causes/causes.ts';
import { type JudgedKind, type Scope, type Severity, worse } from '#shared/domain/detection/finding.ts';

/** Numbers by name, such as `requests` or `refused:a1b2/prod`. */
export type Measures = Readonly<Record<string, number>>;

/** What a detector says of one scope in one minute. */
export type Judgement = {
  readonly kind: JudgedKind;
  readonly scope: Scope;
  /**
   * `breach` opens or prolongs; `clean` counts towards the hold; `borderline` is neither, so that a value that
   * wobbles around its threshold does not flap.
   */
  readonly verdict: 'breach' | 'borderline' | 'clean';
  readonly severity: Severity;
  /**
   * Where a minute is not bad enough to open an occurrence of this severity, and too near to it to end one; its own
   * severity if left out.
   */
  readonly keepsOpen?: Severity;
  /** The minute's own numbers. */
  readonly latest: Measures;
  /** Numbers to add up over the whole occurrence. */
  readonly sums: Measures;
  /** Numbers of which the largest is kept. */
  readonly peaks: Measures;
  readonly cause?: CauseSlug | null;
  /** True for a minute in which nothing bad happened, judged bad for the minutes before it. */
  readonly isQuiet?: boolean;
  /** Where the condition was there before it could be told: since when, and the sums from then on. */
  readonly since?: { readonly startedAtMs: number; readonly sums: Measures };
};

/** A condition that holds or held in one scope, from its first bad minute on. Plain data, so it can be stored. */
export type Occurrence = {
  readonly kind: JudgedKind;
  readonly scope: Scope;
  /** The worst severity so far: an occurrence does not get better, it ends. */
  readonly severity: Severity;
  readonly status: 'open' | 'cleared';
  /** Start of the first bad minute, epoch milliseconds. */
  readonly startedAtMs: number;
  /** End of the last judged minute, epoch milliseconds. */
  readonly observedAtMs: number;
  /** End of the last minute in which something bad happened, epoch milliseconds. */
  readonly lastBadAtMs: number;
  readonly cleanMinutes: number;
  readonly latest: Measures;
  readonly sums: Measures;
  readonly peaks: Measures;
  /** Of the first bad minute: a story must not move while it is told. */
  readonly cause: CauseSlug | null;
};

/** The judgements of one minute. A scope that nobody could judge is absent: no data is no evidence. */
export type JudgedMinute = {
  readonly minuteMs: number;
  readonly judgements: readonly Judgement[];
  /**
   * Kinds of which every scope without a judgement here was clean: in a minute in which nothing was refused, no stage
   * refused anything. One word for what else were a judgement of each stage.
   */
  readonly cleanElsewhere?: readonly JudgedKind[];
};

/** Clean minutes in a row that end an occurrence. */
export const HOLD_MINUTES = 5;

const MINUTE_MS = 60_000;

function key(of: { readonly kind: JudgedKind; readonly scope: Scope }): string {
  const { apiId = '', stage = '', function: own = '' } = of.scope;
  return `${of.kind}|${apiId}|${stage}|${own}`;
}

function combine(a: Measures, b: Measures, choose: (x: number, y: number) => number): Measures {
  const combined: Record<string, number> = { ...a };
  for (const [name, value] of Object.entries(b)) {
    const known = combined[name];
    combined[name] = known === undefined ? value : choose(known, value);
  }
  return combined;
}

function open(judgement: Judgement, minuteMs: number): Occurrence {
  const { kind, scope, severity, latest, peaks } = judgement;
  const { startedAtMs, sums } = judgement.since ?? { startedAtMs: minuteMs, sums: judgement.sums };
  return {
    kind,
    scope,
    severity,
    status: 'open',
    startedAtMs,
    observedAtMs: minuteMs + MINUTE_MS,
    lastBadAtMs: minuteMs + MINUTE_MS,
    cleanMinutes: 0,
    latest,
    sums,
    peaks,
    cause: judgement.cause ?? null,
  };
}

/** What is worth no message does not keep open what was worth one, unless it is only just worth none. */
function countsAsClean(
  occurrence: Occurrence,
  { verdict, severity, keepsOpen = severity }: Judgement,
): boolean {
  return verdict === 'clean' || (keepsOpen === 'info' && occurrence.severity !== 'info');
}

/** What gets worth a message begins then: the time before is not part of what people are told. */
function beginsAnew(occurrence: Occurrence, { verdict, severity }: Judgement): boolean {
  return occurrence.severity === 'info' && verdict === 'breach' && severity !== 'info';
}

function stayClean(occurrence: Occurrence, minuteMs: number): Occurrence {
  const cleanMinutes = occurrence.cleanMinutes + 1;
  const status = cleanMinutes >= HOLD_MINUTES ? 'cleared' : 'open';
  return { ...occurrence, cleanMinutes, status, observedAtMs: minuteMs + MINUTE_MS };
}

function prolong(occurrence: Occurrence, judgement: Judgement, minuteMs: number): Occurrence {
  const observedAtMs = minuteMs + MINUTE_MS;
  if (countsAsClean(occurrence, judgement)) return stayClean(occurrence, minuteMs);
  return {
    ...occurrence,
    observedAtMs,
    lastBadAtMs: judgement.isQuiet === true ? occurrence.lastBadAtMs : observedAtMs,
    cleanMinutes: 0,
    severity:
      judgement.verdict === 'breach' ? worse(occurrence.severity, judgement.severity) : occurrence.severity,
    latest: judgement.latest,
    sums: combine(occurrence.sums, judgement.sums, (x, y) => x + y),
    peaks: combine(occurrence.peaks, judgement.peaks, Math.max),
  };
}

/**
 * Carries occurrences over one more minute: opens, prolongs and clears them.
 *
 * @param occurrences - Those open before the minute; cleared ones are dropped
 * @returns Those open after it, and those that it cleared
 */
export function advance(occurrences: readonly Occurrence[], minute: JudgedMinute): Occurrence[] {
  const byKey = new Map(
    occurrences.filter(({ status }) => status === 'open').map((known) => [key(known), known]),
  );
  const judged = new Set(minute.judgements.map(key));
  for (const [name, occurrence] of byKey) {
    const isClean = minute.cleanElsewhere?.includes(occurrence.kind) === true && !judged.has(name);
    if (isClean) byKey.set(name, stayClean(occurrence, minute.minuteMs));
  }
  for (const judgement of minute.judgements) {
    const known = byKey.get(key(judgement));
    if (known !== undefined && !beginsAnew(known, judgement)) {
      byKey.set(key(judgement), prolong(known, judgement, minute.minuteMs));
    } else if (judgement.verdict === 'breach') {
      byKey.set(key(judgement), open(judgement, minute.minuteMs));
    }
  }
  return [...byKey.values()];
}
