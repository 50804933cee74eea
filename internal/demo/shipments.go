package demo

import (
	"fmt"
	"time"

	"dure/domain/act"
	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/identity"
	"dure/domain/kst"
	"dure/domain/logistics"
)

// The ratios of a delivery.
const (
	monthsDelivered = 4 // how far back carriers deliver through the platform
	carried         = 0.8
	refusedCarry    = 0.06
	delayed         = 0.1
	numbered        = 0.9 // of requests name the serial numbers
	trained         = 0.85
)

// deliver has carriers bring what the shop sold in the last months.
func (s *shop) deliver() {
	// A stream of its own: what was sold before stays as it was.
	name := fmt.Sprintf("dealer/%d/deliveries", s.number)
	trade, id := s.dice, s.id
	s.dice, s.id = s.m.stream(name), s.m.identifier(name)
	defer func() { s.dice, s.id = trade, id }()
	clients, quotes := map[string]*client{}, map[string]*deal.Quote{}
	for _, c := range s.clients {
		clients[c.ID] = c
	}
	for _, q := range s.quotes {
		quotes[q.ID] = q
	}
	from := monthsBefore(s.m.Now, monthsDelivered)
	for _, c := range s.contracts {
		who := clients[c.CustomerID]
		if c.Status != deal.ContractSigned || c.SignedAt.Before(from) || who.Phone == "" || !s.chance(carried) {
			continue
		}
		w := &way{shop: s, c: c, q: quotes[c.QuoteID], client: who, who: pick(s.dice, s.sellers), at: c.SignedAt}
		first := s.IntN(len(s.m.carriers))
		if w.ask(s.m.carriers[first]) && s.chance(refusedCarry) {
			if !w.refuse() || !w.ask(s.m.carriers[(first+1)%len(s.m.carriers)]) {
				continue
			}
		}
		w.carry()
	}
}

// way is one delivery on its way.
type way struct {
	*shop

	c      *deal.Contract
	q      *deal.Quote
	client *client
	who    seller
	sh     *logistics.Shipment // nil until the carrier was asked
	at     time.Time           // of the last step
}

// later moves on. It reports false when that lies beyond the end of the world.
func (w *way) later(low, high time.Duration) bool {
	at := w.at.Add(w.span(low, high))
	if !at.Before(w.m.Now) {
		return false
	}
	w.at = at
	return true
}

// ask offers the delivery to a carrier, whom the customer agrees to.
func (w *way) ask(carrier identity.Organization) bool {
	w.sh = nil
	at := open(w.at.Add(w.span(3*time.Hour, 48*time.Hour)), w.dice)
	if !at.Before(w.m.Now) {
		return false
	}
	w.at = at
	who := w.by(w.who, at)
	w.consent(w.client, who, customer.ThirdParty, carrier.ID, at)
	w.sh = &logistics.Shipment{
		ID: w.stamp("shp", at), ContractID: w.c.ID, DealID: w.c.DealID, DealerID: w.dealer.ID, CustomerID: w.client.ID, CarrierID: carrier.ID,
		RequestedBy: who.userID, Quantity: w.c.Quantity, SerialNumbers: []string{}, Status: logistics.ShipmentOffered,
		WantedOn: kst.StartOfDay(at.AddDate(0, 0, w.between(4, 12))), RequestedAt: at, Version: 1,
		FromArea: w.area(w.dealer.RegionCode, w.district.Name), ToArea: w.area(w.client.RegionCode, w.district.Name),
		From: &logistics.ShipmentPlace{Name: w.dealer.Name, Phone: w.dealer.Phone, Address: w.area(w.dealer.RegionCode, w.district.Name) + " 농기계로 1"},
		To:   &logistics.ShipmentPlace{Name: w.client.Name, Phone: w.client.Phone, Address: w.client.Address},
	}
	for _, l := range w.q.Lines {
		machine := logistics.ShipmentMachine{ProductName: l.ProductName, ModelCode: l.ModelCode, Quantity: l.Quantity}
		for _, o := range l.Options {
			machine.Options = append(machine.Options, o.Name)
		}
		w.sh.Machines = append(w.sh.Machines, machine)
	}
	if w.chance(numbered) {
		for i := range w.c.Quantity {
			w.sh.SerialNumbers = append(w.sh.SerialNumbers, w.serial(i))
		}
	}
	w.shipments = append(w.shipments, w.sh)
	w.tell(act.ShipmentRequested, who, act.Facts{"contractId": w.c.ID, "quantity": w.sh.Quantity, "serialsKnown": len(w.sh.SerialNumbers)})
	return true
}

func (w *way) area(region, district string) string { return w.m.regionAt[region].Name + " " + district }

// serial is the number of the nth machine of the contract.
func (w *way) serial(n int) string {
	return fmt.Sprintf("%s-%s%d", w.q.Lines[0].ModelCode, w.c.ID[len(w.c.ID)-6:], n)
}

// tell records an act about the delivery; a carrier's when it is nobody of the
// dealer's.
func (w *way) tell(kind act.Kind, by seller, facts act.Facts) {
	if facts == nil {
		facts = act.Facts{}
	}
	facts["carrierId"] = w.sh.CarrierID
	w.record(kind, by, w.sh.ID, w.at, w.client.ID, w.c.DealID, facts)
	if by.deviceID == "" {
		w.acts[len(w.acts)-1].Facts["registeredDevice"] = true // its system signed in with its own key
	}
}

func (w *way) system() seller { return seller{userID: w.sh.CarrierID} }

func must(err error) {
	if err != nil {
		panic("demo: " + err.Error()) //nolint:forbidigo // the same world each time: a test would have seen it
	}
}

func (w *way) refuse() bool {
	if !w.later(time.Hour, 20*time.Hour) {
		return false
	}
	must(w.sh.Decline(pick(w.dice, []string{"그날은 차가 없어요", "저희가 가지 않는 곳이에요"}), w.at))
	w.sh.Version++
	w.tell(act.ShipmentDeclined, w.system(), nil)
	return true
}

// carry brings the machines to the farm, as far as the time reaches.
func (w *way) carry() {
	if w.sh == nil || !w.later(time.Hour, 20*time.Hour) {
		return
	}
	must(w.sh.Accept(w.at))
	w.sh.Version++
	w.tell(act.ShipmentAccepted, w.system(), nil)
	if day := w.sh.WantedOn.Add(-10 * time.Hour); day.After(w.at) {
		w.at = day
	}
	steps := []logistics.ShipmentStatus{logistics.ShipmentLoaded, logistics.ShipmentInTransit, logistics.ShipmentArrived}
	if w.chance(delayed) {
		steps = []logistics.ShipmentStatus{logistics.ShipmentLoaded, logistics.ShipmentInTransit, logistics.ShipmentDelayed, logistics.ShipmentArrived}
	}
	for _, status := range steps {
		if !w.later(time.Hour, 6*time.Hour) {
			return
		}
		w.move(status)
	}
	if w.later(20*time.Minute, 90*time.Minute) {
		w.prove()
	}
}

func (w *way) move(status logistics.ShipmentStatus) {
	e := logistics.ShipmentEvent{ID: w.stamp("she", w.at), ShipmentID: w.sh.ID, Status: status, OccurredAt: w.at, ReceivedAt: w.at}
	switch status {
	case logistics.ShipmentLoaded:
		e.Place = w.sh.FromArea
	case logistics.ShipmentDelayed:
		e.Message = pick(w.dice, []string{"비가 많이 와요", "길이 막혀요", "앞 배송이 늦어졌어요"})
	case logistics.ShipmentArrived:
		e.Place = w.sh.ToArea
	}
	_, err := w.sh.Move(e)
	must(err)
	w.sh.Version++
	w.events = append(w.events, e)
	w.tell(act.ShipmentMoved, w.system(), act.Facts{"status": string(status), "newest": true})
}

// prove hands the machines over. A picture and strokes are not made up.
func (w *way) prove() {
	must(w.sh.Deliver(w.at))
	w.sh.Version++
	p := logistics.DeliveryProof{
		ShipmentID: w.sh.ID, SerialMatches: len(w.sh.SerialNumbers) > 0, Trained: w.chance(trained), ActorID: w.sh.CarrierID,
		ProvedAt: w.at, ReceivedAt: w.at, Receiver: w.client.Name, Trainee: w.client.Name,
	}
	for i := range w.c.Quantity {
		p.SerialNumbers = append(p.SerialNumbers, w.serial(i))
	}
	skipped, done := w.IntN(len(logistics.TrainingItems)), 0
	for i, item := range logistics.TrainingItems {
		answer := logistics.TrainingAnswer{Item: item, Done: p.Trained || i != skipped}
		p.Training = append(p.Training, answer)
		if answer.Done {
			done++
		}
	}
	w.proofs = append(w.proofs, p)
	w.tell(act.DeliveryProved, w.system(), act.Facts{
		"contractId": w.c.ID, "quantity": w.sh.Quantity, "serialMatches": p.SerialMatches, "trained": p.Trained,
		"trainingDone": done, "trainingItems": len(p.Training),
	})
}

// gatherShipments brings the shops' deliveries together, in the order of time.
func (m *maker) gatherShipments() {
	numbers := make(map[string]string, len(m.Contracts))
	for _, c := range m.Contracts {
		numbers[c.ID] = c.Number
	}
	var shipments []*logistics.Shipment
	for _, s := range m.shops {
		for _, sh := range s.shipments {
			sh.ContractNumber = numbers[sh.ContractID]
		}
		shipments = append(shipments, s.shipments...)
		m.ShipmentEvents, m.Proofs = append(m.ShipmentEvents, s.events...), append(m.Proofs, s.proofs...)
	}
	m.Shipments = inOrder(shipments, func(sh *logistics.Shipment) (time.Time, string) { return sh.RequestedAt, sh.ID })
}
