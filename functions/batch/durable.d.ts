/** What its testing classes use, too; the package has no types for it. */
declare module 'durable-functions/lib/src/orchestrations/Orchestrator.js' {
  import type { InvocationContext } from '@azure/functions';
  import type { OrchestrationHandler } from 'durable-functions';

  const module: {
    readonly Orchestrator: new (
      handler: OrchestrationHandler,
    ) => {
      /** @param trigger what the host hands over: the history and the input of one instance */
      handle(trigger: unknown, context: InvocationContext): Promise<unknown>;
    };
  };
  export default module;
}
