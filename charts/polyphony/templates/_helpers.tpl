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
