#!/bin/sh
# Makes the release of the channel "next" the stable one: every vault that follows "stable" is migrated and rolled over,
# in its own maintenance window if it has one. To go back, point "stable" at the earlier version again.
set -eu
: "${KUBECTL:=kubectl}"
next=$($KUBECTL get vaulttemplate choir -o jsonpath='{.spec.channels.next}')
$KUBECTL patch vaulttemplate choir --type merge --patch "{\"spec\":{\"channels\":{\"stable\":\"$next\"}}}"
sleep 2 # the operator has counted by then who follows it
$KUBECTL get vaultrelease "choir-$next" -o jsonpath='{.metadata.name}: {.status.followers}{"\n"}'
