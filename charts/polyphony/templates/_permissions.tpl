{{/* Generated from operator/rbac/permissions.ts by npm run generate. */}}

{{/* The operator, in the whole cluster. It makes no Roles, so it needs neither escalate nor bind. */}}
{{- define "polyphony.permissions.operator" -}}
# what is asked for; vault id, finalizer and the database server chosen are written to the Tenant itself; one whose deletion was rejected is made anew
- apiGroups: ["polyphony.dev"]
  resources: ["tenants"]
  verbs: ["get", "list", "watch", "create", "patch"]
# a finalizer holds a release and a server while vaults use them
- apiGroups: ["polyphony.dev"]
  resources: ["vaultreleases", "databaseservers", "vaulttemplates"]
  verbs: ["get", "list", "watch", "patch"]
# the record of what a deleted Tenant leaves
- apiGroups: ["polyphony.dev"]
  resources: ["retainedvaults"]
  verbs: ["get", "list", "watch", "create", "patch", "delete"]
# whether Tenants are deleted only because their kind is: nobody means that
- apiGroups: ["apiextensions.k8s.io"]
  resources: ["customresourcedefinitions"]
  resourceNames: ["tenants.polyphony.dev"]
  verbs: ["get"]
# status is the operator's alone
- apiGroups: ["polyphony.dev"]
  resources: ["tenants/status", "vaulttemplates/status", "vaultreleases/status", "databaseservers/status", "retainedvaults/status"]
  verbs: ["patch"]
# one for each vault
- apiGroups: [""]
  resources: ["namespaces"]
  verbs: ["get", "list", "watch", "create", "update", "patch", "delete"]
# connection URLs of database servers, each vault's own Secret; cluster-wide by nature, as namespaces come later. Writes are fenced by admission policy
- apiGroups: [""]
  resources: ["secrets"]
  verbs: ["get", "list", "watch", "create", "update", "patch", "delete"]
# what a vault consists of
- apiGroups: [""]
  resources: ["services", "serviceaccounts", "resourcequotas", "limitranges"]
  verbs: ["get", "list", "watch", "create", "update", "patch", "delete"]
# the vault's workload
- apiGroups: ["apps"]
  resources: ["deployments"]
  verbs: ["get", "list", "watch", "create", "update", "patch", "delete"]
# who may connect to whom
- apiGroups: ["networking.k8s.io"]
  resources: ["networkpolicies"]
  verbs: ["get", "list", "watch", "create", "update", "patch", "delete"]
# vaults with two pods
- apiGroups: ["policy"]
  resources: ["poddisruptionbudgets"]
  verbs: ["get", "list", "watch", "create", "update", "patch", "delete"]
# why a vault does not come up, or a migration fails
- apiGroups: [""]
  resources: ["pods"]
  verbs: ["get", "list", "watch"]
# whether a vault can be reached
- apiGroups: ["discovery.k8s.io"]
  resources: ["endpointslices"]
  verbs: ["get", "list", "watch"]
# what happened, told on the object; the Events of cluster-scoped objects live in the namespace default
- apiGroups: ["events.k8s.io"]
  resources: ["events"]
  verbs: ["create", "patch"]
{{- end }}

{{/* The operator, in its own namespace: leader election, and the count of deletions. */}}
{{- define "polyphony.permissions.operator-home" -}}
# the deletions of the last hour, for the breaker
- apiGroups: [""]
  resources: ["configmaps"]
  verbs: ["get", "create", "patch"]
# one of several operators leads
- apiGroups: ["coordination.k8s.io"]
  resources: ["leases"]
  verbs: ["get", "create", "update", "patch"]
{{- end }}

{{/* The operator, in the namespace of migrations. */}}
{{- define "polyphony.permissions.operator-migrations" -}}
# golden templates and migrations
- apiGroups: ["batch"]
  resources: ["jobs"]
  verbs: ["get", "list", "watch", "create", "update", "patch", "delete"]
# what a migration says of each database
- apiGroups: [""]
  resources: ["pods/log"]
  verbs: ["get"]
{{- end }}

{{/* The gateway: where each vault is, and nothing else. */}}
{{- define "polyphony.permissions.gateway" -}}
# hosts and backends
- apiGroups: ["polyphony.dev"]
  resources: ["tenants"]
  verbs: ["get", "list", "watch"]
{{- end }}

{{/* The control API's worker: Tenants, and what they can be made from. The API itself knows the registry only, and has no account. */}}
{{- define "polyphony.permissions.control-worker" -}}
# what can be registered for
- apiGroups: ["polyphony.dev"]
  resources: ["vaulttemplates"]
  verbs: ["get", "list", "watch"]
# publishes what organizations asked for, has it tried again, follows how it goes, and takes away what they closed
- apiGroups: ["polyphony.dev"]
  resources: ["tenants"]
  verbs: ["get", "list", "watch", "create", "patch", "delete"]
{{- end }}

{{/* The hook that brings our CustomResourceDefinitions up to date. */}}
{{- define "polyphony.permissions.crds" -}}
# our five kinds, by name
- apiGroups: ["apiextensions.k8s.io"]
  resources: ["customresourcedefinitions"]
  resourceNames: ["tenants.polyphony.dev", "vaulttemplates.polyphony.dev", "vaultreleases.polyphony.dev", "databaseservers.polyphony.dev", "retainedvaults.polyphony.dev"]
  verbs: ["get", "create", "patch"]
{{- end }}

{{/* The test hook, which makes a Tenant of a fixed name and removes it. */}}
{{- define "polyphony.permissions.probe" -}}
# the probe and nobody else's Tenant
- apiGroups: ["polyphony.dev"]
  resources: ["tenants"]
  resourceNames: ["polyphony-probe"]
  verbs: ["get", "create", "patch", "delete"]
{{- end }}
