/** What every container of an environment is given. */
@export()
type shared = {
  location: string
  tags: object
  token: string
  environmentId: string

  @description('By its digest; empty for a placeholder.')
  image: string

  registry: string
  registryServer: string
  containers: string[]
  storageAccount: string
  vault: string
  visionAccount: string
  insights: string

  @description('Of the program, by their names in README.md.')
  settings: object
}

@export()
@description('Until there is an image: it answers on port 80 and knows nothing of this program.')
var placeholder = 'mcr.microsoft.com/azuredocs/containerapps-helloworld:latest'
