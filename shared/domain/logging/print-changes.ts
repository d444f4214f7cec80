import type { ChangeLanguage } from '#shared/domain/logging/change-language.ts';
import type { LoggingChange } from '#shared/domain/logging/logging-change.ts';
import { printCli } from '#shared/domain/logging/print-cli.ts';
import { printCloudFormation } from '#shared/domain/logging/print-cloudformation.ts';
import { printTerraform } from '#shared/domain/logging/print-terraform.ts';

const PRINTERS: Readonly<
  Record<ChangeLanguage, (changes: readonly LoggingChange[], region: string) => string>
> = { cloudformation: printCloudFormation, terraform: printTerraform, cli: printCli };

/** Writes changes as text that a person reads, and then runs or copies; empty if there are none. */
export function printChanges(
  changes: readonly LoggingChange[],
  language: ChangeLanguage,
  region: string,
): string {
  return changes.length === 0 ? '' : PRINTERS[language](changes, region);
}
