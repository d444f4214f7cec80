import { wordsFor } from '#cli/aws-errors.ts';
import {
  countOutcome,
  groupLetters,
  pointersOf,
  type QueueRun,
  type RedriveRun,
  undeliverableOf,
} from '#cli/redrive/report.ts';
import { renderTable } from '#cli/render/table.ts';
import { clean } from '#cli/render/terminal.ts';
import type { TextStyle } from '#cli/render/text-style.ts';
import { hang } from '#cli/render/wrap.ts';
import type { HandledLetter } from '#shared/application/redrive-letters.ts';
import { canBeDiscarded, canBeRedriven } from '#shared/domain/dead-letters/letter.ts';
import type { PointerMessage } from '#shared/domain/dead-letters/pointer.ts';
import { formatAmount, formatCount, formatDuration } from '#shared/domain/findings/format.ts';

/** The most pointers and refused messages that are told one by one; `--json` tells all. */
const MAX_TOLD = 20;

const HEADER = ['letters', 'oldest', 'kind', 'function', 'reason', ''];

const OUTCOMES: Readonly<Record<HandledLetter['outcome'], string>> = {
  kept: '',
  redriven: 'redriven',
  discarded: 'discarded',
  foreign: 'left alone: not ours',
  failed: 'failed, still there',
};

function tableLines({ handled }: QueueRun, nowMs: number, columns: number): string[] {
  const rows = groupLetters(handled).map(({ letters, oldestMs, kind, functionName, reason, outcome }) => [
    formatCount(letters),
    `${formatDuration(Math.max(0, nowMs - oldestMs) / 1_000)} ago`,
    kind,
    clean(functionName),
    clean(reason),
    OUTCOMES[outcome],
  ]);
  return renderTable(HEADER, rows, { right: [0], columns });
}

/** `5 events of /aws/api-gateway/orders, stream s, ids 1 to 5, first seen 2026-…; 1 of 3 calls had been sent`. */
function pointerWords(pointer: PointerMessage): string {
  const { logGroup, logStream, firstEventId, lastEventId, events, receivedAt, chunksSent, chunks } = pointer;
  const { sizeBytes, requestId, ledgerKey } = pointer;
  if (sizeBytes !== null)
    return `${formatAmount(sizeBytes, 'byte')} that cannot be read, request ${requestId}`;
  const of = logGroup === null ? `envelope ${ledgerKey}` : `${logGroup}, stream ${logStream}`;
  const ids = firstEventId === null ? '' : `, ids ${firstEventId} to ${lastEventId}`;
  const sent = chunks === null ? `call ${chunksSent}` : `${chunksSent} of ${chunks} calls before it`;
  return `${formatAmount(events ?? 0, 'event')} of ${of}${ids}, first seen ${receivedAt}; ${sent}`;
}

function pointerLines({ handled }: QueueRun, { colors, columns }: TextStyle): string[] {
  const pointers = pointersOf(handled);
  if (pointers.length === 0) return [];
  return [
    colors.bold('Pointers to what can never be counted'),
    ...pointers
      .slice(0, MAX_TOLD)
      .flatMap((pointer) => hang(`  ${pointer.reason}: `, clean(pointerWords(pointer)), columns)),
    ...moreLines(pointers.length),
  ];
}

function moreLines(letters: number): string[] {
  return letters > MAX_TOLD ? [`  and ${formatCount(letters - MAX_TOLD)} more, see --json`] : [];
}

function undeliverableLines({ handled }: QueueRun, { colors, columns }: TextStyle): string[] {
  const messages = undeliverableOf(handled);
  if (messages.length === 0) return [];
  return [
    colors.bold('Messages that a receiver refused'),
    ...messages.slice(0, MAX_TOLD).flatMap(({ receiver, incidentId, version, reason, refusedAt }) => {
      const words = `incident ${incidentId}, version ${version}, at ${refusedAt}: ${reason}`;
      return hang(`  ${clean(receiver)}: `, clean(words), columns);
    }),
    ...moreLines(messages.length),
  ];
}

const TITLES: Readonly<Record<QueueRun['queue'], string>> = {
  ingest: 'Dead letters of ingest',
  parked: 'Dead letters of parked metrics',
  alerts: 'Dead letters of alerts',
};

function queueLines(run: QueueRun, nowMs: number, style: TextStyle): string[] {
  const { queue, handled, isComplete, errors } = run;
  const head = `\n${style.colors.bold(TITLES[queue])}: ${handled.length === 0 ? 'none' : formatCount(handled.length)}`;
  const words = [...new Set(errors.map(wordsFor))];
  return [
    isComplete ? head : `${head}, and maybe more`,
    ...(handled.length === 0 ? [] : tableLines(run, nowMs, style.columns)),
    ...pointerLines(run, style),
    ...undeliverableLines(run, style),
    ...words.flatMap((text) => hang('! ', clean(text), style.columns)),
  ];
}

function command(given: readonly string[], option: string): string {
  return `  ${['gatewatch redrive', option, ...given].join(' ')}`;
}

/** What can be done next with the letters that are left. */
function nextLines({ queues, mode, given }: RedriveRun): string[] {
  if (mode !== 'list') return [];
  const letters = queues.flatMap(({ handled }) => handled).map(({ letter }) => letter);
  return [
    ...(letters.some(canBeRedriven)
      ? [
          '\nTo try again what can be tried again; what was counted is not counted twice:',
          command(given, '--apply'),
        ]
      : []),
    ...(letters.some(canBeDiscarded)
      ? ['\nTo delete pointers and what is kept of refused messages:', command(given, '--discard')]
      : []),
  ];
}

/** Everything that a run did, for a terminal. */
export function renderRedrive(run: RedriveRun, style: TextStyle): string {
  const { region, stack, mode, queues, nowMs } = run;
  const done = mode === 'apply' ? 'redriven' : 'discarded';
  const did = mode === 'list' ? 'nothing was changed' : `${formatCount(countOutcome(queues, done))} ${done}`;
  const failed = countOutcome(queues, 'failed');
  const head = `stack ${stack.name}, account ${stack.accountId ?? 'unknown'}, ${region} · ${did}`;
  const lines = [
    failed > 0 ? `${head} · ${formatCount(failed)} failed` : head,
    ...queues.flatMap((queue) => queueLines(queue, nowMs, style)),
    ...nextLines(run),
  ];
  return `${lines.join('\n')}\n`;
}
