import type { AccessLogFields } from '#shared/domain/logs/access/access-log-fields.ts';

/** `GET /pets`, the route key of an HTTP API; that of a WebSocket API never has this form. */
const ROUTE_KEY = /^[A-Z]{1,16} (\/\S{0,2000})$/;

/**
 * What API Gateway takes for a part of a path.
 *
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/api/API_CreateResource.html}
 */
const PART = /^(?:[A-Za-z0-9._~:$+-]{1,128}|\{[A-Za-z0-9._:-]{1,128}\+?\})$/;

/** A part that hardly anybody gives a resource, and that paths are full of: a number, a UUID, a token. */
const VALUE = /^\d+$|\d{5}|^(?=.*\d)[^{]{20,}$/;

function partsOf(path: string): string[] {
  return path === '/' ? [] : path.slice(1).split('/');
}

function isTemplate(path: string): boolean {
  return path.startsWith('/') && partsOf(path).every((part) => PART.test(part));
}

/**
 * The facts of what stands between method and protocol in the formats that name nothing: the route of a REST or HTTP
 * API. Lines of other formats have the raw path there, which must not pass for a route. `{}` if it is neither.
 *
 * @param subject - At most 2,048 characters
 * @param keepsPath - Whether a raw path is a fact
 */
export function routeFields(subject: string, keepsPath: boolean): AccessLogFields {
  if (subject === '$default') return { routeKey: subject };
  const routePath = ROUTE_KEY.exec(subject)?.[1];
  if (routePath !== undefined) return isTemplate(routePath) ? { routeKey: subject } : {};
  if (isTemplate(subject) && !partsOf(subject).some((part) => VALUE.test(part)))
    return { resourcePath: subject };
  return keepsPath && subject.startsWith('/') ? { path: subject } : {};
}
