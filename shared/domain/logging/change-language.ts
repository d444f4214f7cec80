/** What changes can be written for. */
export const CHANGE_LANGUAGES = ['cloudformation', 'terraform', 'cli'] as const;

export type ChangeLanguage = (typeof CHANGE_LANGUAGES)[number];
