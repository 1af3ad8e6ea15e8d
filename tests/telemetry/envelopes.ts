/** What a program says of itself to Application Insights, as far as it is looked at here. */

export interface HeardSpan {
  readonly trace: string;
  readonly id: string;
  /** Null for the first of a trace. */
  readonly parent: string | null;
  readonly name: string;
  /** Whether it stands for a request or an event, and not for a part of one. */
  readonly isRequest: boolean;
}

export interface HeardLog {
  /** Empty outside of every span. */
  readonly trace: string;
  readonly message: string;
}

export interface Heard {
  readonly spans: readonly HeardSpan[];
  readonly metrics: readonly string[];
  readonly logs: readonly HeardLog[];
}

interface Envelope {
  readonly tags: Readonly<Record<string, string>>;
  readonly data: { readonly baseType: string; readonly baseData: BaseData };
}

interface BaseData {
  readonly id?: string;
  readonly name?: string;
  readonly message?: string;
  readonly metrics?: readonly { readonly name: string }[];
  readonly exceptions?: readonly { readonly message: string }[];
}

/** @param text an array of envelopes, or one in each line */
export function readEnvelopes(text: string): Heard {
  const envelopes: Envelope[] = text.startsWith('[')
    ? JSON.parse(text)
    : text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line));
  const of = (...types: string[]) => envelopes.filter(({ data }) => types.includes(data.baseType));
  return {
    spans: of('RequestData', 'RemoteDependencyData').map(({ tags, data: { baseType, baseData } }) => ({
      trace: tags['ai.operation.id'] ?? '',
      id: baseData.id ?? '',
      parent: tags['ai.operation.parentId'] ?? null,
      name: baseData.name ?? '',
      isRequest: baseType === 'RequestData',
    })),
    metrics: of('MetricData').flatMap(({ data }) => (data.baseData.metrics ?? []).map(({ name }) => name)),
    logs: of('MessageData', 'ExceptionData').map(({ tags, data: { baseData } }) => ({
      trace: tags['ai.operation.id'] ?? '',
      message: baseData.message ?? baseData.exceptions?.[0]?.message ?? '',
    })),
  };
}
