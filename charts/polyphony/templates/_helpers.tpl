{{/* The beginning of every name: the release's, with "polyphony" in it. */}}
{{- define "polyphony.fullname" -}}
{{- if contains "polyphony" .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-polyphony" .Release.Name | trunc 40 | trimSuffix "-" }}{{ end }}
{{- end }}

{{/* Labels that choose a component's pods: (list $ "gateway"). */}}
{{- define "polyphony.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: polyphony
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{/* Labels of everything: (list $ "gateway"). */}}
{{- define "polyphony.labels" -}}
{{- $root := index . 0 -}}
{{ include "polyphony.selector" . }}
app.kubernetes.io/part-of: polyphony
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version }}
{{- end }}

{{/* An image with its digest, else its tag: (list $ .Values.gateway.image). */}}
{{- define "polyphony.image" -}}
{{- $root := index . 0 -}}{{- $image := index . 1 -}}
{{- if $image.digest }}{{ $image.repository }}@{{ $image.digest }}{{ else }}{{ $image.repository }}:{{ default $root.Chart.AppVersion $image.tag }}{{ end }}
{{- end }}

{{- define "polyphony.imagePullSecrets" -}}
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
{{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
{{- end }}

{{/* What pod security "restricted" asks for, with a user: 65532. */}}
{{- define "polyphony.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ . }}
runAsGroup: {{ . }}
fsGroup: {{ . }}
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "polyphony.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{/* Probes of our own processes, on the port named internal. */}}
{{- define "polyphony.probes" -}}
startupProbe:
  httpGet: { path: /healthz, port: internal }
  periodSeconds: 1
  failureThreshold: 120
readinessProbe:
  httpGet: { path: /readyz, port: internal }
  periodSeconds: 5
  timeoutSeconds: 3
livenessProbe:
  httpGet: { path: /healthz, port: internal }
  periodSeconds: 10
  timeoutSeconds: 3
  failureThreshold: 3
{{- end }}

{{/* Where pods run: (list $ "gateway" .Values.gateway). */}}
{{- define "polyphony.scheduling" -}}
{{- $values := index . 2 -}}
{{- with $values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- if $values.affinity }}
affinity: {{- toYaml $values.affinity | nindent 2 }}
{{- else }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "polyphony.selector" (list (index . 0) (index . 1)) | nindent 8 }}
{{- end }}
{{- end }}

{{- define "polyphony.publicUrlTemplate" -}}
{{- if .Values.publicUrlTemplate }}{{ .Values.publicUrlTemplate }}
{{- else }}{{ printf "http://{slug}.%s" .Values.baseDomain }}{{ if ne (int .Values.gateway.service.port) 80 }}:{{ .Values.gateway.service.port }}{{ end }}
{{- end }}
{{- end }}

{{- define "polyphony.instanceSelector" -}}
{{- with .Values.instance }}polyphony.dev/instance={{ . }}{{ end }}
{{- end }}

{{- define "polyphony.masterKeySecret" -}}
{{ default (printf "%s-master-key" (include "polyphony.fullname" .)) .Values.masterKey.existingSecret }}
{{- end }}
{{- define "polyphony.mailSecret" -}}
{{ default (printf "%s-mail" (include "polyphony.fullname" .)) .Values.mail.existingSecret }}
{{- end }}

{{/* "true" when the bundled PostgreSQL is to be installed. */}}
{{- define "polyphony.bundledDatabase" -}}
{{- if and .Values.postgresql.enabled (not .Values.externalDatabase.existingSecret) }}true{{ end }}
{{- end }}
{{- define "polyphony.postgresqlName" -}}
{{ include "polyphony.fullname" . }}-postgresql
{{- end }}
{{- define "polyphony.postgresqlSecret" -}}
{{ default (include "polyphony.postgresqlName" .) .Values.postgresql.auth.existingSecret }}
{{- end }}

{{/* Slugs that no Tenant may take, with the reason of each, as YAML. */}}
{{- define "polyphony.reservedSlugs" -}}
{{- $slugs := .Files.Get "files/reserved-slugs.yaml" | fromYaml -}}
{{- range .Values.reservedSlugs }}{{ $_ := set $slugs . "kept back by this installation" }}{{ end -}}
{{- $suffix := printf ".%s" .Values.baseDomain -}}
{{- range append .Values.platformHosts (include "polyphony.consoleHost" .) }}
{{- if hasSuffix $suffix . }}{{ $_ := set $slugs (trimSuffix $suffix .) "the platform's own" }}{{ end }}
{{- end -}}
{{ toYaml $slugs }}
{{- end }}

{{- define "polyphony.operatorAccount" -}}
{{ include "polyphony.fullname" . }}-operator
{{- end }}

{{/* Where vaults and migrations find the database server, as a YAML list of NetworkPolicy peers with ports. */}}
{{- define "polyphony.databasePeers" -}}
{{- if include "polyphony.bundledDatabase" . }}
- namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: {{ .Release.Namespace }} } }
  podSelector:
    matchLabels: {{- include "polyphony.selector" (list . "postgresql") | nindent 6 }}
  ports: [{ port: 5432, protocol: TCP }]
{{- else }}
{{- toYaml .Values.externalDatabase.networkPeers }}
{{- end }}
{{- end }}

{{- define "polyphony.controlApiName" -}}
{{ include "polyphony.fullname" . }}-control-api
{{- end }}
{{- define "polyphony.controlWorkerName" -}}
{{ include "polyphony.fullname" . }}-control-worker
{{- end }}
{{- define "polyphony.registrySetupName" -}}
{{ include "polyphony.fullname" . }}-registry-setup
{{- end }}
{{- define "polyphony.registrySecret" -}}
{{ default (printf "%s-registry" (include "polyphony.fullname" .)) .Values.registry.existingSecret }}
{{- end }}
{{- define "polyphony.tokenKeySecret" -}}
{{ default (printf "%s-token-key" (include "polyphony.fullname" .)) .Values.controlApi.tokenKey.existingSecret }}
{{- end }}
{{- define "polyphony.redisName" -}}
{{ include "polyphony.fullname" . }}-redis
{{- end }}
{{- define "polyphony.redisSecret" -}}
{{ default (include "polyphony.redisName" .) .Values.externalRedis.existingSecret }}
{{- end }}
{{- define "polyphony.bundledRedis" -}}
{{- if and (include "polyphony.controlApi" .) .Values.redis.enabled (not .Values.externalRedis.existingSecret) }}true{{ end }}
{{- end }}

{{/* "true" when console and API are to be installed: they are wanted, and where registry and queue are is known. */}}
{{- define "polyphony.controlApi" -}}
{{- if and .Values.controlApi.enabled (or (include "polyphony.bundledDatabase" .) .Values.registry.existingSecret) (or .Values.redis.enabled .Values.externalRedis.existingSecret) }}true{{ end }}
{{- end }}

{{/* Address of console and API: beside the base domain, not below it, so that no vault's pages share cookies with it. */}}
{{- define "polyphony.consoleUrl" -}}
{{- if .Values.controlApi.publicUrl }}{{ .Values.controlApi.publicUrl | trimSuffix "/" }}
{{- else -}}
{{- $labels := splitList "." .Values.baseDomain -}}
{{- if and (lt (len $labels) 3) (not (hasSuffix ".localhost" .Values.baseDomain)) }}{{ fail "controlApi.publicUrl: say where the console answers, such as https://console.example.net, best not below baseDomain" }}{{ end -}}
{{- $vault := urlParse (include "polyphony.publicUrlTemplate" . | replace "{slug}" "console") -}}
{{- $port := regexFind ":[0-9]+$" $vault.host -}}
{{ printf "%s://console.%s%s" $vault.scheme (rest $labels | join ".") $port }}
{{- end }}
{{- end }}
{{- define "polyphony.consoleHost" -}}
{{- if include "polyphony.controlApi" . }}{{ regexReplaceAll ":[0-9]+$" (urlParse (include "polyphony.consoleUrl" .)).host "" }}{{ end }}
{{- end }}

{{/* The registry's address for an account, as environment variables: (list $ "REGISTRY_APP_URL" "registry_app" "app"). */}}
{{- define "polyphony.registryUrl" -}}
{{- $root := index . 0 }}{{ $variable := index . 1 }}{{ $account := index . 2 }}{{ $key := index . 3 -}}
{{- $secret := include "polyphony.registrySecret" $root -}}
{{- if $root.Values.registry.existingSecret }}
- name: {{ $variable }}
  valueFrom: { secretKeyRef: { name: {{ $secret }}, key: {{ $key }}-url } }
{{- else }}
- name: {{ $variable }}_PASSWORD
  valueFrom: { secretKeyRef: { name: {{ $secret }}, key: {{ $key }}-password } }
- { name: {{ $variable }}, value: "postgres://{{ $account }}:$({{ $variable }}_PASSWORD)@{{ include "polyphony.postgresqlName" $root }}.{{ $root.Release.Namespace }}.svc:5432/{{ $root.Values.registry.database }}" }
{{- end }}
{{- end }}

{{/* Settings of the control API and of its worker. */}}
{{- define "polyphony.controlApiEnvironment" -}}
- { name: PUBLIC_URL, value: {{ include "polyphony.consoleUrl" . | quote }} }
- { name: VAULT_URL_TEMPLATE, value: {{ include "polyphony.publicUrlTemplate" . | quote }} }
{{ include "polyphony.registryUrl" (list . "REGISTRY_APP_URL" "registry_app" "app") | trim }}
{{ include "polyphony.registryUrl" (list . "REGISTRY_PLATFORM_URL" "registry_platform" "platform") | trim }}
{{- if include "polyphony.bundledRedis" . }}
- name: REDIS_PASSWORD
  valueFrom: { secretKeyRef: { name: {{ include "polyphony.redisSecret" . }}, key: password } }
- { name: REDIS_URL, value: "redis://:$(REDIS_PASSWORD)@{{ include "polyphony.redisName" . }}.{{ .Release.Namespace }}.svc:6379" }
{{- else }}
- name: REDIS_URL
  valueFrom: { secretKeyRef: { name: {{ include "polyphony.redisSecret" . }}, key: {{ .Values.externalRedis.key }} } }
{{- end }}
{{- if or .Values.mail.smtpUrl .Values.mail.existingSecret }}
- name: SMTP_URL
  valueFrom: { secretKeyRef: { name: {{ include "polyphony.mailSecret" . }}, key: {{ .Values.mail.key }} } }
{{- else }}
# Nobody there: the console answers, and mails wait until a server is named.
- { name: SMTP_URL, value: "smtp://mail-is-not-set.invalid:25" }
{{- end }}
- { name: MAIL_FROM, value: {{ default (printf "no-reply@%s" .Values.baseDomain) .Values.mail.from | quote }} }
- { name: TOKEN_KEY_FILE, value: /etc/polyphony/token-key/token-key }
- { name: RESERVED_SLUGS_FILE, value: /etc/polyphony/settings/reserved-slugs.yaml }
- { name: CONSOLE_FOLDER, value: /app/console }
- { name: APPROVAL, value: {{ .Values.controlApi.approval | quote }} }
- { name: TRIAL_DAYS, value: {{ .Values.controlApi.trialDays | quote }} }
- { name: MOST_OWNED_ORGANIZATIONS, value: {{ .Values.controlApi.mostOwnedOrganizations | quote }} }
- { name: TENANT_INSTANCE, value: {{ .Values.instance | quote }} }
- { name: PORT, value: "8080" }
- { name: INTERNAL_PORT, value: "9090" }
- { name: LOG_LEVEL, value: {{ .Values.logLevel | replace "trace" "debug" | quote }} }
{{- range $name, $value := .Values.controlApi.env }}
- { name: {{ $name }}, value: {{ $value | quote }} }
{{- end }}
{{- end }}

{{/* What the pods of the control API and of its worker mount. */}}
{{- define "polyphony.controlApiMounts" -}}
- { name: token-key, mountPath: /etc/polyphony/token-key, readOnly: true }
- { name: settings, mountPath: /etc/polyphony/settings, readOnly: true }
- { name: tmp, mountPath: /tmp }
{{- end }}
{{- define "polyphony.controlApiVolumes" -}}
- name: token-key
  secret:
    secretName: {{ include "polyphony.tokenKeySecret" . }}
    defaultMode: 0440
    items: [{ key: {{ .Values.controlApi.tokenKey.key | quote }}, path: token-key }]
- name: settings
  configMap: { name: {{ include "polyphony.controlApiName" . }} }
- name: tmp
  emptyDir: { sizeLimit: 64Mi }
{{- end }}

{{/* A short hash of what is read once at the start, so that a change of it rolls the pods. */}}
{{- define "polyphony.controlApiConfig" -}}
{{ printf "%s %s" (include "polyphony.reservedSlugs" .) .Values.mail.smtpUrl | sha256sum | trunc 16 }}
{{- end }}

{{/* Settings of the two commands that set the registry up: the server's administrator and the accounts to make. */}}
{{- define "polyphony.registrySetupEnvironment" -}}
{{- $secret := include "polyphony.registrySecret" . -}}
{{- if .Values.registry.existingSecret }}
- name: REGISTRY_ADMIN_URL
  valueFrom: { secretKeyRef: { name: {{ $secret }}, key: admin-url } }
{{- else }}
- name: POSTGRES_PASSWORD
  valueFrom: { secretKeyRef: { name: {{ include "polyphony.postgresqlSecret" . }}, key: postgres-password } }
- { name: REGISTRY_ADMIN_URL, value: "postgres://postgres:$(POSTGRES_PASSWORD)@{{ include "polyphony.postgresqlName" . }}.{{ .Release.Namespace }}.svc:5432/postgres" }
{{- end }}
- { name: REGISTRY_DATABASE, value: {{ .Values.registry.database | quote }} }
{{- range $account := list "owner" "app" "platform" }}
- name: REGISTRY_{{ upper $account }}_PASSWORD
  valueFrom: { secretKeyRef: { name: {{ $secret }}, key: {{ $account }}-password } }
{{- end }}
{{- end }}

{{/* The address at which vaults find the registry: their own installation's, unless another is named. */}}
{{- define "polyphony.registryAddress" -}}
{{- if .Values.registryUrl }}{{ .Values.registryUrl }}{{ else if include "polyphony.controlApi" . }}{{ include "polyphony.consoleUrl" . }}{{ end }}
{{- end }}

{{/* Where vaults may connect beside their database, as JSON. This installation's registry they reach through the gateway, like everybody. */}}
{{- define "polyphony.egress" -}}
{{- $egress := deepCopy .Values.egress -}}
{{- if and (include "polyphony.controlApi" .) (not .Values.registryUrl) (not $egress.registry) -}}
{{- $namespace := dict "matchLabels" (dict "kubernetes.io/metadata.name" .Release.Namespace) -}}
{{- $pods := dict "matchLabels" (include "polyphony.selector" (list . "gateway") | fromYaml) -}}
{{- $_ := set $egress "registry" (list (dict "namespaceSelector" $namespace "podSelector" $pods "ports" (list (dict "port" 8080 "protocol" "TCP")))) -}}
{{- end -}}
{{ $egress | toJson }}
{{- end }}
