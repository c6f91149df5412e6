// Volumes for a cluster of one node: each claim of the StorageClass gets a folder on this machine, owned by nobody else,
// as a "local" volume (so that a pod's fsGroup is honoured). Deleting the volume deletes the folder.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v13/controller"
)

const nameKey = "polyphony.dev/local-path"

type provisioner struct {
	root string
	node string
}

func (p *provisioner) Provision(_ context.Context, options controller.ProvisionOptions) (*v1.PersistentVolume, controller.ProvisioningState, error) {
	claim := options.PVC
	if claim.Spec.VolumeMode != nil && *claim.Spec.VolumeMode == v1.PersistentVolumeBlock {
		return nil, controller.ProvisioningFinished, errors.New("this StorageClass has no block volumes; ask for volumeMode Filesystem")
	}
	for _, mode := range claim.Spec.AccessModes {
		if mode == v1.ReadOnlyMany {
			return nil, controller.ProvisioningFinished, fmt.Errorf("access mode %s needs a volume with content; ask for ReadWriteOnce", mode)
		}
	}
	path := filepath.Join(p.root, options.PVName)
	if err := os.MkdirAll(path, 0o777); err != nil {
		return nil, controller.ProvisioningFinished, err
	}
	if err := os.Chmod(path, 0o777); err != nil {
		return nil, controller.ProvisioningFinished, err
	}
	return &v1.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{
			Name:        options.PVName,
			Annotations: map[string]string{nameKey: path},
		},
		Spec: v1.PersistentVolumeSpec{
			PersistentVolumeReclaimPolicy: *options.StorageClass.ReclaimPolicy,
			AccessModes:                   claim.Spec.AccessModes,
			MountOptions:                  options.StorageClass.MountOptions,
			Capacity:                      v1.ResourceList{v1.ResourceStorage: claim.Spec.Resources.Requests[v1.ResourceStorage]},
			PersistentVolumeSource:        v1.PersistentVolumeSource{Local: &v1.LocalVolumeSource{Path: path}},
			NodeAffinity: &v1.VolumeNodeAffinity{Required: &v1.NodeSelector{NodeSelectorTerms: []v1.NodeSelectorTerm{{
				MatchExpressions: []v1.NodeSelectorRequirement{{
					Key: v1.LabelHostname, Operator: v1.NodeSelectorOpIn, Values: []string{p.node},
				}},
			}}}},
		},
	}, controller.ProvisioningFinished, nil
}

// Delete removes the folder, and refuses any path that is not directly inside the root.
func (p *provisioner) Delete(_ context.Context, volume *v1.PersistentVolume) error {
	path := volume.Annotations[nameKey]
	if path == "" || filepath.Dir(filepath.Clean(path)) != p.root || strings.HasPrefix(filepath.Base(path), ".") {
		return &controller.IgnoredError{Reason: fmt.Sprintf("volume %s is not a folder of %s", volume.Name, p.root)}
	}
	return os.RemoveAll(path)
}

func main() {
	kubeconfig := flag.String("kubeconfig", "", "kubeconfig of an account that may write PersistentVolumes")
	root := flag.String("root", "", "folder of the volumes")
	node := flag.String("node", "", "the node's name")
	name := flag.String("provisioner", "polyphony.dev/local-path", "the provisioner's name in the StorageClass")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()

	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		klog.Fatalf("cannot read the kubeconfig %q: %v", *kubeconfig, err)
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		klog.Fatalf("cannot make a client: %v", err)
	}
	clean := filepath.Clean(*root)
	if !filepath.IsAbs(clean) || clean == "/" {
		klog.Fatalf("-root must be an absolute folder, not %q", *root)
	}
	controller.NewProvisionController(ctx, client, *name, &provisioner{root: clean, node: *node},
		controller.LeaderElection(false)).Run(ctx)
}
