import { type Position, type SourceEvent, toExecutionEvent } from '#cli/input/source-event.ts';
import type { RejectReason } from '#shared/domain/logs/access/parse-access-log.ts';
import {
  createReadAccessLogLine,
  type ReadAccessLogLine,
} from '#shared/domain/logs/access/read-access-log-line.ts';
import {
  hasExecutionPrefix,
  isExecutionText,
  kindOfLogGroup,
  type LogKind,
} from '#shared/domain/logs/joined/log-kind.ts';
import { parseRequestLine } from '#shared/domain/logs/joined/parse-request-line.ts';
import type { ParsedRequest } from '#shared/domain/logs/joined/parsed-request.ts';
import {
  createExecutionLineJoiner,
  type ExecutionLineJoiner,
} from '#shared/domain/logs/stories/join-execution-lines.ts';
import type { ExecutionEvent } from '#shared/domain/logs/stories/read-story-line.ts';
import type { StoryRejectReason } from '#shared/domain/logs/stories/story-assembler.ts';

/** Takes what lines turn out to be. */
export type LineSink = {
  readonly onRequest: (request: ParsedRequest, from: Position) => void;
  readonly onExecution: (event: ExecutionEvent, from: Position) => void;
  readonly onReject: (reason: RejectReason | StoryRejectReason, from: Position) => void;
};

/** Sorts the lines of one source by kind. */
export type LineSorter = { readonly take: (event: SourceEvent) => void; readonly end: () => void };

type State = {
  readonly kind: LogKind | null;
  readonly sink: LineSink;
  readonly readLine: ReadAccessLogLine;
  readonly joiner: ExecutionLineJoiner;
};

function giveEvent({ sink }: State, event: ExecutionEvent | null): void {
  if (event === null) return;
  // The joiner makes ids of the name of the file and the number of the line.
  const line = Number(event.id.slice(event.id.lastIndexOf(':') + 1));
  sink.onExecution(event, { source: event.stream, line, eventId: null });
}

/**
 * Takes a line as one of an access log.
 *
 * @param isExecution - Whether a line that is no request is one of the other kind
 * @returns False if it is, and is wanted
 */
function takeRequest(state: State, from: SourceEvent, isExecution: (text: string) => boolean): boolean {
  const { kind, sink, readLine, joiner } = state;
  const request = parseRequestLine(readLine, from.text, from.timestampMs ?? 0);
  const isWanted = kind !== 'execution';
  if (typeof request !== 'string') {
    giveEvent(state, joiner.end());
    if (isWanted) sink.onRequest(request, from);
    else sink.onReject('not-execution-log', from);
    return true;
  }
  const isOther = isExecution(from.text);
  if (isOther && kind !== 'access') return false;
  if (isOther) sink.onReject('not-access-log', from);
  else sink.onReject(isWanted ? request : 'not-execution-log', from);
  return true;
}

/** An event, which is whole. The name of its log group tells the kind, where it is known. */
function takeEvent(state: State, event: SourceEvent): void {
  const { kind, sink } = state;
  const { logGroup } = event;
  const kindOfGroup = logGroup === null ? 'either' : kindOfLogGroup(logGroup);
  if (kind === 'access' && kindOfGroup === 'execution') {
    sink.onReject('not-access-log', event);
    return;
  }
  const mayBeRequest = kind === 'access' || (kind === null && kindOfGroup !== 'execution');
  const isExecution = (text: string): boolean =>
    logGroup === null ? isExecutionText(text) : kindOfGroup === 'either' && text.startsWith('(');
  if (mayBeRequest && takeRequest(state, event, isExecution)) return;
  sink.onExecution(toExecutionEvent(event), event);
}

/**
 * A line of a file, which tells its kind by itself. A body that an execution log holds may quote an access-log line, so one
 * behind a line that a body can follow on continues it, up to a length that no body has.
 */
function takeLine(state: State, event: SourceEvent): void {
  const { kind, joiner } = state;
  const continues = kind !== 'access' && joiner.continues(event.text);
  const isOfExecution = continues === true || (kind !== 'access' && hasExecutionPrefix(event.text));
  const isExecution = (text: string): boolean => continues !== false || isExecutionText(text);
  if (!isOfExecution && takeRequest(state, event, isExecution)) return;
  giveEvent(state, joiner.add(event.text, event.line ?? 0));
}

/**
 * Makes a sorter for one source.
 *
 * @param kind - The only kind that is wanted: lines of the other are rejected. `null`: each line, or its log group, tells
 */
export function createLineSorter(source: string, kind: LogKind | null, sink: LineSink): LineSorter {
  const state: State = {
    kind,
    sink,
    readLine: createReadAccessLogLine({ keepsPath: true }),
    joiner: createExecutionLineJoiner(source),
  };
  return {
    take: (event) => {
      if (event.eventId === null) takeLine(state, event);
      else takeEvent(state, event);
    },
    end: () => giveEvent(state, state.joiner.end()),
  };
}
