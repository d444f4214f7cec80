/**
 * Told what a long piece of work is at, before each part of it: API Gateway's control plane is asked slowly.
 *
 * @param doing - In few words: `reading stages`
 */
export type ReportStep = (doing: string, done: number, total: number) => void;
