package integration_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/act"
	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/fault"
	"dure/domain/feed"
	"dure/domain/identity"
	"dure/domain/iq"
	"dure/domain/logistics"
)

// carrier speaks for the system of a delivery company.
func (w *world) carrier(organizationID string) context.Context {
	return identity.With(w.nobody, identity.Actor{UserID: "cli_" + organizationID, Persona: identity.Carrier, OrganizationID: organizationID})
}

// sold is a signed contract of gimje's whose customer agrees that both carriers
// are told how to reach them.
func (w *world) sold() *deal.Contract {
	w.Helper()
	c := w.sign(w.gimje, w.draft(w.gimje))
	for _, recipient := range []string{"org_carrier", "org_other_carrier"} {
		_, err := w.customers.RecordConsent(w.gimje, customer.RecordConsentInput{CustomerID: c.CustomerID, TextID: "third-party@1", Recipient: recipient})
		require.NoError(w, err)
	}
	return c
}

// asking is a request in good order.
func (w *world) asking(c *deal.Contract) logistics.RequestShipmentInput {
	return logistics.RequestShipmentInput{
		ContractID: c.ID, CarrierID: "org_carrier", SerialNumbers: []string{"dr55-0001"}, WantedOn: w.now().Add(48 * time.Hour),
		From: logistics.ShipmentPlaceInput{Name: "김제대리점 창고", Phone: "063-540-1234", Address: "김제시 창고길 2"},
	}
}

func (w *world) request(c *deal.Contract) *logistics.Shipment {
	w.Helper()
	sh, err := w.logistics.RequestShipment(w.gimje, w.asking(c))
	require.NoError(w, err)
	return sh
}

// underway is a shipment that the carrier took on.
func (w *world) underway(c *deal.Contract) *logistics.Shipment {
	w.Helper()
	sh := w.request(c)
	sh, err := w.logistics.AcceptShipment(w.carrier("org_carrier"), logistics.AcceptShipmentInput{ShipmentID: sh.ID, ExpectedVersion: sh.Version})
	require.NoError(w, err)
	return sh
}

func (w *world) report(sh *logistics.Shipment, status logistics.ShipmentStatus, at *time.Time) (*logistics.Shipment, error) {
	return w.logistics.RecordShipmentEvent(w.carrier("org_carrier"), logistics.RecordShipmentEventInput{ShipmentID: sh.ID, Status: status, Place: "호남고속도로", OccurredAt: at})
}

// picture is a small JPEG.
func picture(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 30)), nil))
	return b.Bytes()
}

// proving is a proof in good order.
func (w *world) proving(sh *logistics.Shipment) logistics.ProveDeliveryInput {
	w.Helper()
	sha, err := w.logistics.KeepPhoto(w.carrier("org_carrier"), bytes.NewReader(picture(w)))
	require.NoError(w, err)
	in := logistics.ProveDeliveryInput{
		ShipmentID: sh.ID, ExpectedVersion: sh.Version, SerialNumbers: []string{"DR55-0001"}, PhotoSha256: sha, Trainee: "김아들",
		Signature: signing(&deal.Contract{}).Signature,
	}
	for _, item := range logistics.TrainingItems {
		in.Training = append(in.Training, logistics.TrainingAnswerInput{Item: item, Done: true})
	}
	return in
}

func (w *world) prove(in logistics.ProveDeliveryInput) (*logistics.Shipment, error) {
	return w.logistics.ProveDelivery(w.carrier("org_carrier"), in)
}

func TestADeliveryFromTheRequestToItsPoints(t *testing.T) {
	eachWorld(t, func(w *world) {
		c := w.sold()
		before := w.points("dlr_gimje").Points
		offered := w.request(c)
		assert.Equal(w, logistics.ShipmentOffered, offered.Status)
		assert.Equal(w, []string{"DR55-0001"}, offered.SerialNumbers)
		assert.Equal(w, "전북 김제시", offered.FromArea)
		assert.Equal(w, "김제시 들길 1", offered.To.Address, "the dealer reads where it goes")
		assert.Equal(w, []logistics.ShipmentMachine{{ProductName: "두레 55", ModelCode: "DR55", Quantity: 1}}, offered.Machines)

		carrier := w.carrier("org_carrier")
		seen, err := w.logistics.Shipment(carrier, offered.ID)
		require.NoError(w, err)
		assert.Nil(w, seen.To, "a carrier that has not accepted sees the area alone")
		assert.Equal(w, c.Number, seen.ContractNumber)
		w.pass(time.Hour)
		sh, err := w.logistics.AcceptShipment(carrier, logistics.AcceptShipmentInput{ShipmentID: offered.ID, ExpectedVersion: seen.Version})
		require.NoError(w, err)
		assert.Equal(w, &logistics.ShipmentPlace{Name: "김논두렁", Phone: "010-0000-4321", Address: "김제시 들길 1"}, sh.To)

		for _, status := range []logistics.ShipmentStatus{logistics.ShipmentLoaded, logistics.ShipmentInTransit, logistics.ShipmentArrived} {
			w.pass(time.Hour)
			sh, err = w.report(sh, status, nil)
			require.NoError(w, err)
			assert.Equal(w, status, sh.Status)
		}
		in := w.proving(sh)
		in.IdempotencyKey = "proof-1"
		done, err := w.prove(in)
		require.NoError(w, err)
		assert.Equal(w, logistics.ShipmentDelivered, done.Status)
		again, err := w.prove(in)
		require.NoError(w, err, "a repeat gets the first answer")
		assert.Equal(w, []any{done.ID, done.Status, done.Version, done.To}, []any{again.ID, again.Status, again.Version, again.To})

		entries := w.entries(sh.ID)
		require.Len(w, entries, 1, "points arrive once")
		assert.Equal(w, "delivery.proved", entries[0].RuleKey)
		assert.Equal(w, 10, entries[0].Points)
		assert.Equal(w, "iq.earned", entries[0].Explanation)
		assert.Equal(w, before+10, w.points("dlr_gimje").Points)
		w.readsTheProof(sh.ID)
		assert.Equal(w, []feed.Kind{
			feed.ShipmentOffered, feed.ShipmentChanged, feed.ShipmentChanged, feed.ShipmentChanged, feed.ShipmentChanged, feed.ShipmentChanged,
		}, w.heard("org_carrier", sh.ID))
		assert.Empty(w, w.heard("org_other_carrier", sh.ID))
		w.keepsNothingInPlain()
	})
}

// heard is what an organisation heard of a row.
func (w *world) heard(organizationID, subjectID string) (kinds []feed.Kind) {
	w.Helper()
	require.NoError(w, rows(w.db).NewSelect().TableExpr("partner_changes").Column("kind").
		Where("organization_id = ? AND subject_id = ?", organizationID, subjectID).OrderExpr("seq").Scan(w.nobody, &kinds))
	return kinds
}

func (w *world) readsTheProof(shipmentID string) {
	w.Helper()
	proofs, err := w.logistics.ProofsOf(w.rep, []string{shipmentID})
	require.NoError(w, err)
	p := proofs[shipmentID]
	assert.True(w, p.SerialMatches)
	assert.True(w, p.Trained)
	assert.Equal(w, "김논두렁", p.Receiver)
	assert.Equal(w, "김아들", p.Trainee)
	assert.Len(w, p.Training, len(logistics.TrainingItems))
	file, err := w.logistics.PhotoFile(w.gimje, shipmentID)
	require.NoError(w, err)
	kept, err := io.ReadAll(file)
	require.NoError(w, err)
	require.NoError(w, file.Close())
	_, err = jpeg.Decode(bytes.NewReader(kept))
	assert.NoError(w, err, "the picture can be looked at")
}

// keepsNothingInPlain checks that names, numbers and addresses are sealed.
func (w *world) keepsNothingInPlain() {
	w.Helper()
	for _, secret := range []string{"김논두렁", "4321", "들길 1", "063-540", "창고길", "김아들"} {
		assert.Zero(w, w.count("shipments", "contact_sealed LIKE ?", "%"+secret+"%"), secret)
		assert.Zero(w, w.count("delivery_proofs", "names_sealed LIKE ?", "%"+secret+"%"), secret)
		assert.Zero(w, w.count("acts", "facts LIKE ?", "%"+secret+"%"), secret)
	}
}

func TestReportsComeLateTwiceAndOutOfOrder(t *testing.T) {
	eachWorld(t, func(w *world) {
		sh := w.underway(w.sold())
		w.pass(6 * time.Hour)
		loaded, transit, arrived := w.ago(5*time.Hour), w.ago(3*time.Hour), w.ago(time.Hour)
		var err error
		for _, r := range []struct {
			status logistics.ShipmentStatus
			at     *time.Time
			want   logistics.ShipmentStatus
		}{
			{logistics.ShipmentInTransit, transit, logistics.ShipmentInTransit},
			{logistics.ShipmentLoaded, loaded, logistics.ShipmentInTransit},
			{logistics.ShipmentArrived, arrived, logistics.ShipmentArrived},
			{logistics.ShipmentInTransit, transit, logistics.ShipmentArrived},
			{logistics.ShipmentDelayed, arrived, logistics.ShipmentArrived}, // of one moment the later step counts
		} {
			sh, err = w.report(sh, r.status, r.at)
			require.NoError(w, err)
			assert.Equal(w, r.want, sh.Status)
		}
		w.unchanged("the same report again", func() {
			_, err := w.report(sh, logistics.ShipmentLoaded, loaded)
			assert.NoError(w, err)
		})
		events, err := w.logistics.EventsOf(w.gimje, []string{sh.ID})
		require.NoError(w, err)
		var told []logistics.ShipmentStatus
		for _, e := range events[sh.ID] {
			told = append(told, e.Status)
		}
		assert.ElementsMatch(w, []logistics.ShipmentStatus{logistics.ShipmentLoaded, logistics.ShipmentInTransit, logistics.ShipmentArrived, logistics.ShipmentDelayed}, told)
		assert.Equal(w, logistics.ShipmentLoaded, told[0], "in the order in which it happened")

		done, err := w.prove(w.proving(sh))
		require.NoError(w, err)
		late, err := w.report(done, logistics.ShipmentDelayed, w.ago(2*time.Hour))
		require.NoError(w, err, "what happened before may still be told")
		assert.Equal(w, logistics.ShipmentDelivered, late.Status)
		w.unchanged("after the delivery", func() {
			_, err := w.report(done, logistics.ShipmentInTransit, nil)
			w.refused("after the delivery", err, fault.Conflict, "shipment.already_delivered", "")
		})
	})
}

func TestReportsBesideEachOtherAreAllKept(t *testing.T) {
	eachWorld(t, func(w *world) {
		sh := w.underway(w.sold())
		w.pass(time.Hour)
		for i, err := range atOnce(8, func(i int) error {
			_, err := w.report(sh, logistics.ShipmentInTransit, w.ago(time.Duration(1+i/2)*time.Minute)) // each twice
			return err
		}) {
			assert.NoError(w, err, i)
		}
		assert.Equal(w, 4, w.count("shipment_events", "shipment_id = ?", sh.ID))
		assert.Equal(w, 4, w.acts(act.ShipmentMoved))
		read, err := w.logistics.Shipment(w.gimje, sh.ID)
		require.NoError(w, err)
		assert.True(w, w.ago(time.Minute).Equal(read.MovedAt), "the latest counts, whoever came first")
	})
}

func TestADeliveryIsProvedOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		sh := w.underway(w.sold())
		in := w.proving(sh)
		failed := 0
		for _, err := range atOnce(8, func(int) error { _, err := w.prove(in); return err }) {
			if err != nil {
				failed++
				assert.Equal(w, fault.Conflict, fault.CodeOf(err), err)
			}
		}
		assert.Equal(w, 7, failed, "of those who prove together one does")
		assert.Len(w, w.entries(sh.ID), 1)
		w.unchanged("a second proof", func() {
			_, err := w.prove(in)
			w.refused("a second proof", err, fault.Conflict, "shipment.already_delivered", "")
		})
	})
}

func TestABadProofIsRefused(t *testing.T) {
	eachWorld(t, func(w *world) {
		sh := w.underway(w.sold())
		w.pass(time.Minute)
		good := w.proving(sh)
		foreign, err := w.logistics.KeepPhoto(w.carrier("org_other_carrier"), bytes.NewReader(append(picture(w)[:2:2], otherPicture(w)[2:]...)))
		require.NoError(w, err)
		contract, err := w.deals.Contract(w.hq, sh.ContractID)
		require.NoError(w, err)
		for name, tt := range map[string]struct {
			change     func(in *logistics.ProveDeliveryInput)
			code       fault.Code
			key, field string
		}{
			"an unknown shipment":      {func(in *logistics.ProveDeliveryInput) { in.ShipmentID = "shp_unknown" }, fault.NotFound, "shipment.not_found", "shipmentId"},
			"a stale version":          {func(in *logistics.ProveDeliveryInput) { in.ExpectedVersion-- }, fault.Conflict, "shipment.changed", "expectedVersion"},
			"another machine":          {func(in *logistics.ProveDeliveryInput) { in.SerialNumbers = []string{"DR55-0002"} }, fault.Invalid, "shipment.other_serial", "serialNumbers"},
			"no machine":               {func(in *logistics.ProveDeliveryInput) { in.SerialNumbers = nil }, fault.Invalid, "shipment.serial_count", "serialNumbers"},
			"one machine twice":        {func(in *logistics.ProveDeliveryInput) { in.SerialNumbers = []string{"DR55-0001", "dr55-0001 "} }, fault.Invalid, "shipment.serial_count", "serialNumbers"},
			"a number that is none":    {func(in *logistics.ProveDeliveryInput) { in.SerialNumbers = []string{"'; --"} }, fault.Invalid, "shipment.bad_serial", "serialNumbers"},
			"no checklist":             {func(in *logistics.ProveDeliveryInput) { in.Training = nil }, fault.Invalid, "shipment.checklist_incomplete", "training"},
			"a checklist with a hole":  {func(in *logistics.ProveDeliveryInput) { in.Training = in.Training[1:] }, fault.Invalid, "shipment.checklist_incomplete", "training"},
			"an item answered twice":   {func(in *logistics.ProveDeliveryInput) { in.Training = append(in.Training, in.Training[0]) }, fault.Invalid, "shipment.checklist_incomplete", "training"},
			"an item that is none":     {func(in *logistics.ProveDeliveryInput) { in.Training[0].Item = "DANCING" }, fault.Invalid, "shipment.checklist_incomplete", "training"},
			"training for nobody":      {func(in *logistics.ProveDeliveryInput) { in.Trainee = " " }, fault.Invalid, "shipment.trainee_missing", "trainee"},
			"no signature":             {func(in *logistics.ProveDeliveryInput) { in.Signature.Strokes = nil }, fault.Invalid, "contract.signature_missing", "signature"},
			"nobody's signature":       {func(in *logistics.ProveDeliveryInput) { in.Signature.SignerName = "" }, fault.Invalid, "contract.signer_missing", "signature.signerName"},
			"no photo":                 {func(in *logistics.ProveDeliveryInput) { in.PhotoSha256 = "" }, fault.NotFound, "shipment.no_photo", "photoSha256"},
			"another carrier's photo":  {func(in *logistics.ProveDeliveryInput) { in.PhotoSha256 = foreign }, fault.NotFound, "shipment.no_photo", "photoSha256"},
			"a contract for a photo":   {func(in *logistics.ProveDeliveryInput) { in.PhotoSha256 = contract.PaperSHA256 }, fault.NotFound, "shipment.no_photo", "photoSha256"},
			"a time to come":           {func(in *logistics.ProveDeliveryInput) { in.OccurredAt = w.ago(-time.Hour) }, fault.Invalid, "act.in_future", "occurredAt"},
			"a time before the offer":  {func(in *logistics.ProveDeliveryInput) { in.OccurredAt = w.ago(2 * time.Minute) }, fault.Invalid, "shipment.before_offer", "occurredAt"},
			"a trainee without an end": {func(in *logistics.ProveDeliveryInput) { in.Trainee = strings.Repeat("가", 10_000) }, fault.Invalid, "text.too_long", "trainee"},
		} {
			in := good
			in.Training = append([]logistics.TrainingAnswerInput{}, good.Training...)
			tt.change(&in)
			w.unchanged(name, func() {
				_, err := w.prove(in)
				w.refused(name, err, tt.code, tt.key, tt.field)
			})
		}
	})
}

func otherPicture(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 41, 31)), nil))
	return b.Bytes()
}

func TestABadRequestIsRefused(t *testing.T) {
	eachWorld(t, func(w *world) {
		sold, draft := w.sold(), w.draft(w.gimje)
		others := w.sign(w.iksan, w.draft(w.iksan))
		for name, tt := range map[string]struct {
			change     func(in *logistics.RequestShipmentInput)
			code       fault.Code
			key, field string
		}{
			"an unknown contract":         {func(in *logistics.RequestShipmentInput) { in.ContractID = "ctr_unknown" }, fault.NotFound, "contract.not_found", "contractId"},
			"another dealer's contract":   {func(in *logistics.RequestShipmentInput) { in.ContractID = others.ID }, fault.NotFound, "contract.not_found", "contractId"},
			"a draft":                     {func(in *logistics.RequestShipmentInput) { in.ContractID = draft.ID }, fault.Conflict, "shipment.contract_not_signed", "contractId"},
			"an unknown carrier":          {func(in *logistics.RequestShipmentInput) { in.CarrierID = "org_unknown" }, fault.NotFound, "shipment.unknown_carrier", "carrierId"},
			"a lender for a carrier":      {func(in *logistics.RequestShipmentInput) { in.CarrierID = "org_lender" }, fault.NotFound, "shipment.unknown_carrier", "carrierId"},
			"a number for two machines":   {func(in *logistics.RequestShipmentInput) { in.SerialNumbers = []string{"DR55-1", "DR55-2"} }, fault.Invalid, "shipment.serial_count", "serialNumbers"},
			"yesterday":                   {func(in *logistics.RequestShipmentInput) { in.WantedOn = w.now().Add(-24 * time.Hour) }, fault.Invalid, "shipment.bad_day", "wantedOn"},
			"some day":                    {func(in *logistics.RequestShipmentInput) { in.WantedOn = w.now().AddDate(2, 0, 0) }, fault.Invalid, "shipment.bad_day", "wantedOn"},
			"from nowhere":                {func(in *logistics.RequestShipmentInput) { in.From.Address = " " }, fault.Invalid, "shipment.place_incomplete", "from.address"},
			"a phone that is none":        {func(in *logistics.RequestShipmentInput) { in.From.Phone = "전화" }, fault.Invalid, "customer.bad_phone", "from.phone"},
			"to nobody":                   {func(in *logistics.RequestShipmentInput) { in.To = &logistics.ShipmentPlaceInput{} }, fault.Invalid, "shipment.place_incomplete", "to.name"},
			"an address without an end":   {func(in *logistics.RequestShipmentInput) { in.From.Address = strings.Repeat("가", 10_000) }, fault.Invalid, "text.too_long", "from.address"},
			"an address that rings bells": {func(in *logistics.RequestShipmentInput) { in.From.Address = "길\a1" }, fault.Invalid, "text.control_character", "from.address"},
		} {
			in := w.asking(sold)
			tt.change(&in)
			w.unchanged(name, func() {
				_, err := w.logistics.RequestShipment(w.gimje, in)
				w.refused(name, err, tt.code, tt.key, tt.field)
			})
		}
		_, err := w.customers.WithdrawConsent(w.gimje, customer.WithdrawConsentInput{CustomerID: sold.CustomerID, Purpose: customer.ThirdParty, Recipient: "org_carrier"})
		require.NoError(w, err)
		w.unchanged("without consent", func() {
			_, err := w.logistics.RequestShipment(w.gimje, w.asking(sold))
			w.refused("without consent", err, fault.Conflict, "shipment.no_consent", "carrierId")
		})
	})
}

func TestAContractHasOneShipmentAtATime(t *testing.T) {
	eachWorld(t, func(w *world) {
		c := w.sold()
		failed := 0
		for _, err := range atOnce(6, func(int) error { _, err := w.logistics.RequestShipment(w.gimje, w.asking(c)); return err }) {
			if err != nil {
				failed++
				w.refused("beside another", err, fault.Conflict, "shipment.already_requested", "contractId")
			}
		}
		assert.Equal(w, 5, failed)
		list, err := w.logistics.Shipments(w.carrier("org_carrier"), nil, nil, nil)
		require.NoError(w, err)
		require.Len(w, list.Nodes, 1)

		offered := list.Nodes[0]
		declined, err := w.logistics.DeclineShipment(w.carrier("org_carrier"), logistics.DeclineShipmentInput{ShipmentID: offered.ID, ExpectedVersion: offered.Version, Reason: "차가 없어요"})
		require.NoError(w, err)
		assert.Equal(w, logistics.ShipmentDeclined, declined.Status)
		assert.Nil(w, declined.To, "who declined has no more to do with it")
		w.unchanged("a second answer", func() {
			_, err := w.logistics.AcceptShipment(w.carrier("org_carrier"), logistics.AcceptShipmentInput{ShipmentID: offered.ID, ExpectedVersion: declined.Version})
			w.refused("a second answer", err, fault.Conflict, "shipment.already_answered", "")
		})
		in := w.asking(c)
		in.CarrierID = "org_other_carrier"
		next, err := w.logistics.RequestShipment(w.gimje, in)
		require.NoError(w, err, "another may be asked")
		of, err := w.logistics.ShipmentsOfContracts(w.rep, []string{c.ID})
		require.NoError(w, err)
		require.Len(w, of[c.ID], 2)
		assert.Equal(w, next.ID, of[c.ID][0].ID, "the newest first")

		cancelled, err := w.logistics.CancelShipment(w.hq, logistics.CancelShipmentInput{ShipmentID: next.ID, ExpectedVersion: next.Version, Reason: "날이 바뀌었어요"})
		require.NoError(w, err)
		assert.Equal(w, logistics.ShipmentCancelled, cancelled.Status)
		assert.Equal(w, []feed.Kind{feed.ShipmentOffered, feed.ShipmentChanged}, w.heard("org_other_carrier", next.ID))
		w.request(c)
	})
}

func TestAnotherCarriersShipmentDoesNotExist(t *testing.T) {
	eachWorld(t, func(w *world) {
		sh := w.underway(w.sold())
		in := w.proving(sh)
		for name, ctx := range map[string]context.Context{
			"another carrier": w.carrier("org_other_carrier"), "a carrier without an organisation": w.carrier(""),
			"another dealer": w.iksan, "a rep of another territory": w.otherRep,
		} {
			_, err := w.logistics.Shipment(ctx, sh.ID)
			w.refused(name, err, fault.NotFound, "shipment.not_found", "")
			list, err := w.logistics.Shipments(ctx, &logistics.ShipmentFilter{CarrierID: "org_carrier", ContractID: sh.ContractID}, nil, nil)
			require.NoError(w, err)
			assert.Zero(w, list.TotalCount+len(list.Nodes), name)
			events, err := w.logistics.EventsOf(ctx, []string{sh.ID})
			require.NoError(w, err)
			assert.Empty(w, events, name)
			proofs, err := w.logistics.ProofsOf(ctx, []string{sh.ID})
			require.NoError(w, err)
			assert.Empty(w, proofs, name)
			_, err = w.logistics.PhotoFile(ctx, sh.ID)
			w.refused(name, err, fault.NotFound, "file.not_found", "")
		}
		other := w.carrier("org_other_carrier")
		w.unchanged("another carrier", func() {
			_, err := w.logistics.RecordShipmentEvent(other, logistics.RecordShipmentEventInput{ShipmentID: sh.ID, Status: logistics.ShipmentLoaded})
			w.refused("a report", err, fault.NotFound, "shipment.not_found", "shipmentId")
			_, err = w.logistics.ProveDelivery(other, in)
			w.refused("a proof", err, fault.NotFound, "shipment.not_found", "shipmentId")
			_, err = w.logistics.AcceptShipment(other, logistics.AcceptShipmentInput{ShipmentID: sh.ID, ExpectedVersion: sh.Version})
			w.refused("an answer", err, fault.NotFound, "shipment.not_found", "shipmentId")
		})
	})
}

func TestACancelledContractTakesItsShipmentWithIt(t *testing.T) {
	eachWorld(t, func(w *world) {
		c := w.sold()
		sh := w.underway(c)
		w.cancel(w.gimje, c)
		read, err := w.logistics.Shipment(w.carrier("org_carrier"), sh.ID)
		require.NoError(w, err)
		assert.Equal(w, logistics.ShipmentCancelled, read.Status)
		assert.Nil(w, read.To)
		assert.Equal(w, 1, w.acts(act.ShipmentCancelled))
		w.unchanged("a proof of it", func() {
			_, err := w.prove(logistics.ProveDeliveryInput{ShipmentID: sh.ID, ExpectedVersion: read.Version})
			w.refused("a proof of it", err, fault.Conflict, "shipment.over", "")
			_, err = w.logistics.RequestShipment(w.gimje, w.asking(c))
			w.refused("another request", err, fault.Conflict, "shipment.contract_not_signed", "contractId")
		})
	})
}

// What a delivery earned is taken back when its contract is cancelled, and by
// nothing else.
func TestTheCancellationOfADeliveredContractTakesItsPointsBack(t *testing.T) {
	eachWorld(t, func(w *world) {
		c := w.sold()
		done, err := w.prove(w.proving(w.underway(c)))
		require.NoError(w, err)
		w.pass(24 * time.Hour)
		w.cancel(w.gimje, c)
		entries := w.entries(done.ID)
		require.Len(w, entries, 2)
		assert.Equal(w, []iq.EntryKind{iq.Earned, iq.Reversed}, []iq.EntryKind{entries[0].Kind, entries[1].Kind})
		assert.Equal(w, -10, entries[1].Points)
		assert.Equal(w, "iq.cancelled", entries[1].Explanation)
		read, err := w.logistics.Shipment(w.gimje, done.ID)
		require.NoError(w, err)
		assert.Equal(w, logistics.ShipmentDelivered, read.Status, "what was handed over was handed over")
	})
}

func TestADeliveryWithoutNumbersOrTrainingEarnsNothingAndSaysWhy(t *testing.T) {
	eachWorld(t, func(w *world) {
		for _, tt := range []struct {
			explanation string
			ask         func(in *logistics.RequestShipmentInput)
			prove       func(in *logistics.ProveDeliveryInput)
		}{
			{"iq.serial_unknown", func(in *logistics.RequestShipmentInput) { in.SerialNumbers = nil }, func(*logistics.ProveDeliveryInput) {}},
			{"iq.not_trained", func(*logistics.RequestShipmentInput) {}, func(in *logistics.ProveDeliveryInput) { in.Training[2].Done = false }},
		} {
			ask := w.asking(w.sold())
			tt.ask(&ask)
			sh, err := w.logistics.RequestShipment(w.hq, ask)
			require.NoError(w, err)
			sh, err = w.logistics.AcceptShipment(w.carrier("org_carrier"), logistics.AcceptShipmentInput{ShipmentID: sh.ID, ExpectedVersion: sh.Version})
			require.NoError(w, err)
			in := w.proving(sh)
			tt.prove(&in)
			_, err = w.prove(in)
			require.NoError(w, err)
			entries := w.entries(sh.ID)
			require.Len(w, entries, 1)
			assert.Zero(w, entries[0].Points)
			assert.Equal(w, tt.explanation, entries[0].Explanation)
		}
	})
}

func TestAddressesCloseSevenDaysAfterTheDeliveryAndWithTheConsent(t *testing.T) {
	eachWorld(t, func(w *world) {
		c := w.sold()
		sh := w.underway(c)
		carrier := w.carrier("org_carrier")
		to := func(ctx context.Context) *logistics.ShipmentPlace {
			read, err := w.logistics.Shipment(ctx, sh.ID)
			require.NoError(w, err)
			return read.To
		}
		_, err := w.customers.WithdrawConsent(w.gimje, customer.WithdrawConsentInput{CustomerID: c.CustomerID, Purpose: customer.ThirdParty, Recipient: "org_carrier"})
		require.NoError(w, err)
		assert.Nil(w, to(carrier), "closed at once")
		assert.NotNil(w, to(w.gimje), "the dealer knows its customer")
		_, err = w.customers.RecordConsent(w.gimje, customer.RecordConsentInput{CustomerID: c.CustomerID, TextID: "third-party@1", Recipient: "org_carrier"})
		require.NoError(w, err)
		assert.NotNil(w, to(carrier))

		_, err = w.prove(w.proving(sh))
		require.NoError(w, err)
		w.pass(6 * 24 * time.Hour)
		assert.NotNil(w, to(carrier))
		w.pass(2 * 24 * time.Hour)
		assert.Nil(w, to(carrier))
		assert.Nil(w, to(w.gimje))
		proofs, err := w.logistics.ProofsOf(carrier, []string{sh.ID})
		require.NoError(w, err)
		assert.Empty(w, proofs[sh.ID].Receiver)
		assert.NotEmpty(w, proofs[sh.ID].SignatureSHA256)
	})
}

func TestAPhotoIsAPictureAndNothingElse(t *testing.T) {
	eachWorld(t, func(w *world) {
		carrier := w.carrier("org_carrier")
		for name, raw := range map[string][]byte{
			"nothing": nil, "a text": []byte("나는 사진이 아니에요"), "a script": []byte("<svg xmlns='http://www.w3.org/2000/svg'/>"),
			"half a JPEG": picture(w)[:200], "a JPEG without pixels": {0xff, 0xd8, 0xff, 0xd9}, "the head of a PNG": []byte("\x89PNG\r\n\x1a\n"),
			"a GIF": []byte("GIF89a\x01\x00\x01\x00"),
		} {
			w.unchanged(name, func() {
				_, err := w.logistics.KeepPhoto(carrier, bytes.NewReader(raw))
				w.refused(name, err, fault.Invalid, "shipment.no_picture", "photo")
			})
		}
		w.unchanged("20 MB", func() {
			_, err := w.logistics.KeepPhoto(carrier, io.MultiReader(bytes.NewReader(picture(w)), io.LimitReader(zeros{}, 20<<20)))
			w.refused("20 MB", err, fault.Invalid, "shipment.photo_too_large", "photo")
		})
		exif := append([]byte("Exif\x00\x00MM\x00*GPS 35.8N 126.8E"), make([]byte, 40)...)
		raw := picture(w)
		with := fmt.Appendf(raw[:2:2], "\xff\xe1%s%s", binary.BigEndian.AppendUint16(nil, uint16(len(exif)+2)), exif)
		with = append(append(with, raw[2:]...), "hidden at the end"...)
		sha, err := w.logistics.KeepPhoto(carrier, bytes.NewReader(with))
		require.NoError(w, err)
		plain, err := w.logistics.KeepPhoto(carrier, bytes.NewReader(raw))
		require.NoError(w, err)
		assert.Equal(w, plain, sha, "without its place it is the same picture")

		var b bytes.Buffer
		require.NoError(w, png.Encode(&b, image.NewGray(image.Rect(0, 0, 9, 9))))
		_, err = w.logistics.KeepPhoto(carrier, &b)
		assert.NoError(w, err)
	})
}

// zeros never end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }
