{{/* Console, API, worker, registry and queue: names, addresses and environment. */}}

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
{{ coalesce .Values.externalRedis.existingSecret .Values.redis.auth.existingSecret (include "polyphony.redisName" .) }}
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
- { name: PORT, value: "8080" }
- { name: INTERNAL_PORT, value: "9090" }
- { name: LOG_LEVEL, value: {{ .Values.logLevel | replace "trace" "debug" | quote }} }
{{ include "polyphony.controlApiFurtherEnvironment" . | trim }}
{{- end }}

{{- define "polyphony.controlApiFurtherEnvironment" -}}
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

{{/* Settings of the command that sets the registry up: the server's administrator and the accounts to make. */}}
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
{{ include "polyphony.controlApiFurtherEnvironment" . | trim }}
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

{{/* A component of this release as a NetworkPolicy peer with its port: (list $ "redis" 6379). */}}
{{- define "polyphony.peerWithin" -}}
- podSelector:
    matchLabels: {{- include "polyphony.selector" (list (index . 0) (index . 1)) | nindent 6 }}
  ports: [{ port: {{ index . 2 }}, protocol: TCP }]
{{- end }}

{{- define "polyphony.registryPeers" -}}
{{- if .Values.registry.existingSecret }}{{ toYaml .Values.registry.networkPeers }}{{ else }}{{ include "polyphony.peerWithin" (list . "postgresql" 5432) }}{{ end }}
{{- end }}
{{- define "polyphony.redisPeers" -}}
{{- if include "polyphony.bundledRedis" . }}{{ include "polyphony.peerWithin" (list . "redis" 6379) }}{{ else }}{{ toYaml .Values.externalRedis.networkPeers }}{{ end }}
{{- end }}

{{/* A list of peers with ports as egress rules. */}}
{{- define "polyphony.egressRules" -}}
{{- range . }}
- to: [{{ omit . "ports" | toJson }}]
  ports: {{ .ports | toJson }}
{{- end }}
{{- end }}
