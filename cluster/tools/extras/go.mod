// Helm, CoreDNS, kwok and kubeconform, pinned together so that what they share compiles once.
module polyphony.dev/cluster/tools/extras

go 1.26.0

tool (
	github.com/coredns/coredns
	github.com/yannh/kubeconform/cmd/kubeconform
	helm.sh/helm/v4/cmd/helm
	sigs.k8s.io/kwok/cmd/kwok
)

require (
	github.com/coredns/coredns v1.15.0
	helm.sh/helm/v4 v4.3.1
	sigs.k8s.io/kwok v0.8.0
)
