import type {
  AnswerCustomResource,
  CustomResourceOutcome,
  CustomResourceRequest,
  Wait,
} from '#shared/application/ports.ts';

type Dependencies = {
  /** What has to be done before the resource is gone, as long as there is time. */
  readonly onDelete: (hasTime: () => boolean) => Promise<unknown>;
  readonly answer: AnswerCustomResource;
  readonly wait: Wait;
};

function failed(reason: string): CustomResourceOutcome {
  return { status: 'FAILED', reason };
}

/** The message only: causes hold whole answers of services. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error';
}

/**
 * Handles a custom resource that matters only when it is deleted. CloudFormation waits up to an hour for an answer, so
 * it gets one whatever happens: when the work fails, and when the time for it is over.
 *
 * @returns A use case that does the work within `timeMs` milliseconds, answers, and says what the answer was
 * @see {@link https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources.html}
 */
export function createHandleCustomResource({ onDelete, answer, wait }: Dependencies) {
  return async (request: CustomResourceRequest, timeMs: number): Promise<CustomResourceOutcome> => {
    let isOver = false;
    const work = async (): Promise<CustomResourceOutcome> => {
      if (request.type === 'Delete') await onDelete(() => !isOver);
      return { status: 'SUCCESS' };
    };
    const outcome = await Promise.race([
      work().catch((error: unknown) => failed(reasonOf(error))),
      wait(Math.max(0, timeMs)).then(() => {
        isOver = true;
        return failed('Out of time; delete the stack again to go on');
      }),
    ]);
    await answer(request, outcome);
    return outcome;
  };
}
