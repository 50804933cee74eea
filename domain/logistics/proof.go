package logistics

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"dure/domain/fault"
)

// TrainingItem is one thing that whoever will drive the machine is shown.
type TrainingItem string

// The checklist. Every proof answers each item once.
const (
	TrainingControls    TrainingItem = "CONTROLS"
	TrainingSafety      TrainingItem = "SAFETY"
	TrainingAttachments TrainingItem = "ATTACHMENTS"
	TrainingMaintenance TrainingItem = "MAINTENANCE"
	TrainingWarranty    TrainingItem = "WARRANTY"
)

// TrainingItems is the checklist in its order.
var TrainingItems = []TrainingItem{TrainingControls, TrainingSafety, TrainingAttachments, TrainingMaintenance, TrainingWarranty}

// TrainingAnswer is an item and whether it was done.
type TrainingAnswer struct {
	Item TrainingItem `json:"item"`
	Done bool         `json:"done"`
}

// DeliveryProof shows that a machine was handed over. There is one for each
// shipment, and nobody edits it. The names of people are sealed at rest.
type DeliveryProof struct {
	ShipmentID      string           `bun:",pk"`
	SerialNumbers   []string         `bun:",type:text"`
	SerialMatches   bool             // they are those that the shipment named
	Training        []TrainingAnswer `bun:",type:text"`
	Trained         bool             // every item was done
	PhotoSHA256     string           `bun:"photo_sha256"`
	SignatureSHA256 string           `bun:"signature_sha256"` // of the strokes
	MarkSHA256      string           `bun:"mark_sha256"`      // the sealed file that holds them
	NamesSealed     string
	ActorID         string
	ProvedAt        time.Time // by the device
	ReceivedAt      time.Time

	// Opened when read, never stored; "" where they may not be read.
	Receiver string `bun:"-" json:"-"` // who signed
	Trainee  string `bun:"-" json:"-"` // who was trained
}

// people are the names on a proof, as they are sealed.
type people struct {
	Receiver string `json:"receiver"`
	Trainee  string `json:"trainee"`
}

// Photo is a picture that a carrier's system has handed in.
type Photo struct {
	SHA256         string `bun:"sha256,pk"`
	OrganizationID string `bun:",pk"`
	KeptAt         time.Time
}

// checkTraining returns the answers in the order of the checklist, and whether
// all of it was done. It fails with fault.Invalid unless each item is answered
// exactly once, and when somebody was trained whom nobody names.
func checkTraining(answers []TrainingAnswerInput, trainee string) (list []TrainingAnswer, all bool, err error) {
	all = true
	for _, item := range TrainingItems {
		of := slices.DeleteFunc(slices.Clone(answers), func(a TrainingAnswerInput) bool { return a.Item != item })
		if len(of) != 1 {
			return nil, false, fault.New(fault.Invalid, "shipment.checklist_incomplete", len(TrainingItems)).On("training")
		}
		list, all = append(list, TrainingAnswer(of[0])), all && of[0].Done
	}
	if len(answers) != len(TrainingItems) {
		return nil, false, fault.New(fault.Invalid, "shipment.checklist_incomplete", len(TrainingItems)).On("training")
	}
	some := slices.ContainsFunc(list, func(a TrainingAnswer) bool { return a.Done })
	if some && strings.TrimSpace(trainee) == "" {
		return nil, false, fault.New(fault.Invalid, "shipment.trainee_missing").On("trainee")
	}
	return list, all, nil
}

var serialNumber = regexp.MustCompile(`^[A-Z0-9][A-Z0-9-]{2,39}$`)

// checkSerials returns serial numbers in one spelling and in order. It fails
// with fault.Invalid on field unless there is a different one for each machine.
func checkSerials(numbers []string, quantity int, field string) ([]string, error) {
	out := make([]string, len(numbers))
	for i, n := range numbers {
		if out[i] = strings.ToUpper(strings.TrimSpace(n)); !serialNumber.MatchString(out[i]) {
			return nil, fault.New(fault.Invalid, "shipment.bad_serial").On(field)
		}
	}
	slices.Sort(out)
	if out = slices.Compact(out); len(out) != len(numbers) || len(out) != quantity {
		return nil, fault.New(fault.Invalid, "shipment.serial_count", quantity).On(field)
	}
	return out, nil
}
