/** What azd runs before it makes anything: azure.yaml deploys code to Functions, and containerapp has none. */

if (process.env.HOSTING === 'containerapp') {
  console.error(
    'azd deploys the Functions form: run `azd env set HOSTING functions` (or both), or see docs/deploy.md for Container Apps.',
  );
  process.exitCode = 1;
}
