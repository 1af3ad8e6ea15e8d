import { links, type Notification, named, readable } from './notification.ts';

/** The common alert schema of Azure Monitor: any of its parts may be null or missing, depending on what watches what. */
interface Alert {
  readonly data?: {
    readonly essentials?: Readonly<Record<string, unknown>> | null;
    readonly alertContext?: Context | null;
  };
}

interface Context {
  readonly condition?: { readonly allOf?: readonly Criterion[] | null } | null;
  readonly AlertData?: Readonly<Record<string, unknown>> | null;
  readonly operationName?: unknown;
  readonly status?: unknown;
  readonly caller?: unknown;
  readonly properties?: Readonly<Record<string, unknown>> | null;
}

type Criterion = Readonly<Record<string, unknown>>;

const SEVERITIES: Readonly<Record<string, string>> = {
  Sev0: '0, critical',
  Sev1: '1, error',
  Sev2: '2, warning',
  Sev3: '3, information',
  Sev4: '4, verbose',
};

export function alert({ data }: Alert): Notification {
  const essentials = data?.essentials ?? {};
  const context = data?.alertContext ?? {};
  const { alertRule, severity, monitorCondition, monitoringService, description } = essentials;
  const { configurationItems, alertTargetIDs, firedDateTime, resolvedDateTime } = essentials;
  const isOver = monitorCondition === 'Resolved';
  const rule = alertRule ?? context.AlertData?.BudgetName ?? monitoringService ?? 'an alert';
  return {
    tone: isOver ? 'good' : toneOf(severity),
    title: `${isOver ? 'Resolved' : 'Alert'}: ${readable(rule)}`,
    facts: named({
      Severity: SEVERITIES[`${severity}`] ?? severity,
      About: list(configurationItems).join(', '),
      Measured: measured(context),
      'What happened': happened(context),
      Fired: firedDateTime,
      Resolved: resolvedDateTime,
      Source: monitoringService,
    }),
    texts: named({ Description: description }),
    links: links({ 'In the portal': portal(context, list(alertTargetIDs)[0]) }),
  };
}

/** Such as a budget have none. */
function toneOf(severity: unknown): Notification['tone'] {
  if (severity === 'Sev0' || severity === 'Sev1') return 'attention';
  return severity === 'Sev3' || severity === 'Sev4' ? 'default' : 'warning';
}

function measured({ condition, AlertData }: Context): string {
  if (AlertData) return `${AlertData.SpentAmount} of ${AlertData.BudgetThreshold}`;
  return (condition?.allOf ?? [])
    .map(({ metricName, metricMeasureColumn, timeAggregation, metricValue, operator, threshold }) => {
      const what = metricName ?? metricMeasureColumn ?? timeAggregation;
      return `${what} ${metricValue ?? 'unknown'} (${operator} ${threshold})`;
    })
    .join('; ');
}

function happened({ operationName, status, caller, properties }: Context): string {
  const { title, cause } = properties ?? {};
  return [title, cause, operationName, status, caller].filter((part) => part).join(', ');
}

/** Where what was found can be looked at; the links to searches are often too long for a message. */
function portal({ condition }: Context, target: unknown): string | null {
  const [first] = condition?.allOf ?? [];
  const search = first?.linkToFilteredSearchResultsUI ?? first?.linkToSearchResultsUI;
  const [found] = links({ search });
  if (found) return found.url;
  return typeof target === 'string' ? `https://portal.azure.com/#resource${encodeURI(target)}` : null;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
