import { clean } from '#cli/render/terminal.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';

/** Something that is about one stage. */
type AboutStage = { readonly stage: Pick<InventoryItem, 'apiId' | 'apiName' | 'stage'> };

type NameStage = (about: AboutStage) => string;

/** Names stages so that no two of an account have the same name. Names are safe for a terminal. */
type StageNames = {
  /** In full, for text that is wrapped: `orders-api/prod`, with the API's id where another stage has that name. */
  readonly inFull: NameStage;
  /** For a column of a width in characters: cut inside the API's name, so that the stage can be told. */
  readonly inColumn: (width: number) => NameStage;
};

/** Less of an API's name says nothing. */
const MIN_API_NAME = 6;

const ELLIPSIS = '…';

/** Keeps both ends of a text that would not fit. */
function cutMiddle(text: string, length: number): string {
  const characters = [...text];
  if (characters.length <= length) return text;
  const head = Math.ceil((length - 1) / 2);
  const tail = characters.length - (length - 1 - head);
  return `${characters.slice(0, head).join('')}${ELLIPSIS}${characters.slice(tail).join('')}`;
}

/** Leaves out the first characters, and the last ones if it still would not fit. */
function cutStart(text: string, from: number, length: number): string {
  const rest = [...text].slice(from);
  const fits = rest.length < length;
  return `${ELLIPSIS}${rest.slice(0, fits ? rest.length : length - 2).join('')}${fits ? '' : ELLIPSIS}`;
}

/** In how many characters texts begin alike. */
function sharedStart(texts: readonly string[]): number {
  const [first = [], ...others] = texts.map((text) => [...text]);
  const end = first.findIndex((character, index) => others.some((other) => other[index] !== character));
  return end === -1 ? first.length : end;
}

function groupBy(stages: readonly AboutStage[], nameOf: NameStage): Map<string, AboutStage[]> {
  const groups = new Map<string, AboutStage[]>();
  for (const about of stages) {
    const name = nameOf(about);
    groups.set(name, [...(groups.get(name) ?? []), about]);
  }
  return groups;
}

function apiOf({ stage }: AboutStage): string {
  return clean(stage.apiName);
}

function idOf({ stage }: AboutStage): string {
  return ` (${stage.apiId})`;
}

/**
 * Makes a name fit. Where the API's name has no room, its id stands for it; only a stage's name that is too long by
 * itself is cut.
 *
 * @param id - What follows the name
 */
function fitName(
  { stage }: AboutStage,
  id: string,
  width: number,
  cutApi: (api: string, length: number) => string = cutMiddle,
): string {
  const api = clean(stage.apiName);
  const name = clean(stage.stage);
  const room = width - name.length - id.length - 1;
  if (api.length <= room || room >= MIN_API_NAME) return `${cutApi(api, room)}/${name}${id}`;
  return `${stage.apiId}/${cutMiddle(name, Math.max(1, width - stage.apiId.length - 1))}`;
}

/** Names of stages that are the same when cut in the middle: without what they share, or else with ids. */
function tellApart(group: readonly AboutStage[], width: number, taken: ReadonlySet<string>): string[] {
  const from = sharedStart(group.map(apiOf));
  const names = group.map((about) => fitName(about, '', width, (api, length) => cutStart(api, from, length)));
  const isApart = new Set(names).size === names.length && !names.some((name) => taken.has(name));
  return isApart ? names : group.map((about) => fitName(about, idOf(about), width));
}

function fitNames(stages: readonly AboutStage[], width: number): Map<AboutStage, string> {
  const groups = groupBy(stages, (about) => fitName(about, '', width));
  const taken = new Set(groups.keys());
  const names = new Map<AboutStage, string>();
  for (const [name, group] of groups) {
    const apart = group.length === 1 ? [name] : tellApart(group, width, taken);
    for (const [index, about] of group.entries()) names.set(about, apart[index] ?? name);
  }
  return names;
}

/** Prepares the names of stages: all that are shown, since each has to be told from every other. */
export function createStageNames(stages: readonly AboutStage[]): StageNames {
  const plainName: NameStage = (about) => `${apiOf(about)}/${clean(about.stage.stage)}`;
  const groups = groupBy(stages, plainName);
  const isTwin = (about: AboutStage) => (groups.get(plainName(about)) ?? []).length > 1;
  const inFull: NameStage = (about) =>
    isTwin(about) ? `${plainName(about)}${idOf(about)}` : plainName(about);
  return {
    inFull,
    inColumn: (width) => {
      const others = fitNames(
        stages.filter((about) => !isTwin(about)),
        width,
      );
      return (about) => others.get(about) ?? fitName(about, idOf(about), width);
    },
  };
}
