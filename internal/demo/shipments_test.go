package demo_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/deal"
	"dure/domain/identity"
	"dure/domain/logistics"
	"dure/internal/demo"
)

func TestCarriersDeliverWhatWasSoldInTheLastMonths(t *testing.T) {
	w := full(t)
	contracts := map[string]deal.Contract{}
	for _, c := range w.Contracts {
		contracts[c.ID] = c
	}
	carriers := map[string]string{}
	for _, o := range w.Organizations {
		if o.Kind == identity.DeliveryFirm {
			carriers[o.ID] = o.Name
		}
	}
	require.Len(t, carriers, 4)
	proved := map[string]bool{}
	for _, p := range w.Proofs {
		require.NotContains(t, proved, p.ShipmentID, "a delivery is proved once")
		proved[p.ShipmentID] = true
		require.Len(t, p.Training, len(logistics.TrainingItems))
	}
	byStatus, standing, byCarrier := map[logistics.ShipmentStatus]int{}, map[string]bool{}, map[string]int{}
	for _, s := range w.Shipments {
		c := contracts[s.ContractID]
		require.Equal(t, deal.ContractSigned, c.Status)
		require.Equal(t, c.Number, s.ContractNumber)
		require.False(t, s.RequestedAt.Before(c.SignedAt))
		require.False(t, s.MovedAt.After(today) || s.ClosedAt.After(today))
		require.Equal(t, s.Status == logistics.ShipmentDelivered, proved[s.ID])
		byStatus[s.Status]++
		byCarrier[carriers[s.CarrierID]]++
		if s.Status != logistics.ShipmentDeclined {
			require.NotContains(t, standing, s.ContractID, "one shipment at a time")
			standing[s.ContractID] = true
		}
	}
	assert.Greater(t, byStatus[logistics.ShipmentDelivered], 100)
	for _, status := range []logistics.ShipmentStatus{logistics.ShipmentOffered, logistics.ShipmentDeclined, logistics.ShipmentAccepted} {
		assert.Positive(t, byStatus[status], status)
	}
	for _, c := range demo.Clients {
		if c.Persona == identity.Carrier {
			assert.Positive(t, byCarrier[c.Organization], "%s has something to read", c.Name)
		}
	}
	earned, without := 0, map[string]int{}
	for _, e := range w.Entries {
		if e.RuleKey != "delivery.proved" {
			continue
		}
		if e.Points > 0 {
			earned++
		} else {
			without[e.Explanation]++
		}
	}
	assert.Positive(t, earned)
	assert.Positive(t, without["iq.serial_unknown"])
	assert.Positive(t, without["iq.not_trained"])
}
