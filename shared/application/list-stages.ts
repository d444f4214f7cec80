import type { Api, ApiGateway, DescribedStage } from '#shared/application/inventory-ports.ts';
import type { ReportStep } from '#shared/application/report-step.ts';

/** The stages of an account and Region, or of the APIs that were asked for. */
export type StageList = {
  readonly apis: readonly Api[];
  readonly stages: readonly DescribedStage[];
  /** Ids that were asked for, and that no API has. */
  readonly unknownApiIds: readonly string[];
};

type Dependencies = { readonly apiGateway: ApiGateway; readonly reportStep: ReportStep };

function byName(a: Api & { readonly stage: string }, b: Api & { readonly stage: string }): number {
  return (
    a.apiName.localeCompare(b.apiName) || a.apiId.localeCompare(b.apiId) || a.stage.localeCompare(b.stage)
  );
}

/**
 * Lists stages by the names of their APIs.
 *
 * @returns A use case that takes the ids of APIs, or none for all
 */
export function createListStages({ apiGateway, reportStep }: Dependencies) {
  return async (apiIds: readonly string[]): Promise<StageList> => {
    reportStep('listing APIs', 0, 1);
    const all = await apiGateway.listApis();
    const apis = apiIds.length === 0 ? all : all.filter(({ apiId }) => apiIds.includes(apiId));
    const known = new Set(all.map(({ apiId }) => apiId));
    const stages: DescribedStage[] = [];
    for (const [index, api] of apis.entries()) {
      reportStep('reading stages', index, apis.length);
      stages.push(...(await apiGateway.readStages(api)));
    }
    return { apis, stages: stages.sort(byName), unknownApiIds: apiIds.filter((id) => !known.has(id)) };
  };
}
