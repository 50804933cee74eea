package lending

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/chain"
	"dure/domain/customer"
	"dure/domain/fault"
	"dure/domain/money"
)

var at = time.Date(2026, 11, 24, 0, 30, 0, 0, time.UTC)

// What an application becomes by each act, from each state: "" is a conflict
// that leaves it as it was.
func TestWhereAnApplicationCanGo(t *testing.T) {
	acts := map[string]func(*FinanceApplication) error{
		"approve":  func(a *FinanceApplication) error { return a.Decide(DecideApplicationInput{Decision: Approve}, at) },
		"withdraw": func(a *FinanceApplication) error { return a.Withdraw("x", at) },
		"fund":     func(a *FinanceApplication) error { return a.Fund(1, at, 0, at) },
	}
	for from, want := range map[ApplicationStatus]map[string]ApplicationStatus{
		Submitted:   {"approve": Approved, "withdraw": Withdrawn, "fund": ""},
		Approved:    {"approve": "", "withdraw": Withdrawn, "fund": Funded},
		Conditional: {"approve": "", "withdraw": Withdrawn, "fund": Funded},
		Declined:    {"approve": "", "withdraw": "", "fund": ""},
		Withdrawn:   {"approve": "", "withdraw": "", "fund": ""},
		Funded:      {"approve": "", "withdraw": "", "fund": ""},
	} {
		for name, do := range acts {
			a := FinanceApplication{Status: from, Amount: 10, ApprovedAmount: 10, SubmittedAt: at}
			before := a
			err := do(&a)
			if want[name] == "" {
				assert.Equal(t, fault.Conflict, fault.CodeOf(err), "%s from %s", name, from)
				assert.Equal(t, before, a)
				continue
			}
			require.NoError(t, err)
			assert.Equal(t, want[name], a.Status, "%s from %s", name, from)
		}
	}
}

func TestLessMayBeApprovedThanWasAsked(t *testing.T) {
	a := FinanceApplication{Status: Submitted, Amount: 10}
	less := money.Won(7)
	require.NoError(t, a.Decide(DecideApplicationInput{Decision: Conditioned, Amount: &less, Conditions: []string{"보증"}}, at))
	assert.Equal(t, less, a.ApprovedAmount)
	assert.Equal(t, fault.Invalid, fault.CodeOf(a.Fund(8, at, 0, at)))
	assert.Equal(t, fault.Conflict, fault.CodeOf(a.Fund(7, at, 1, at)), "a document is missing")
}

func TestAShareOpensItsItemsAndNothingElse(t *testing.T) {
	c := customer.Customer{Name: "김논두렁", Phone: "010-0000-4321", BirthYear: 1957}
	b := Share{Items: []customer.ConsentItem{customer.ItemContract, customer.ItemIdentity}}.borrower(c, History{MachinesBought: 1})
	assert.Equal(t, "김논두렁", *b.Name)
	assert.Equal(t, 1957, *b.BirthYear)
	assert.Nil(t, b.Phone)
	assert.Nil(t, b.Farm)
	assert.Nil(t, b.History)
	assert.Equal(t, Borrower{}, Share{Items: []customer.ConsentItem{customer.ItemContract}}.borrower(c, History{}))
}

func TestAnEntryOfTheAccessLogCannotChange(t *testing.T) {
	first := AccessEntry{CustomerID: "cus_1", At: at, OrganizationID: "org_1", ActorID: "cli_1", SubjectID: "ctr_1", What: LookPaper, Items: "CONTRACT"}.follow(AccessEntry{Hash: chain.Genesis})
	for name, change := range map[string]func(*AccessEntry){
		"the customer": func(e *AccessEntry) { e.CustomerID = "cus_2" },
		"the moment":   func(e *AccessEntry) { e.At = e.At.Add(time.Microsecond) },
		"who":          func(e *AccessEntry) { e.ActorID = "cli_2" },
		"for whom":     func(e *AccessEntry) { e.OrganizationID = "org_2" },
		"what":         func(e *AccessEntry) { e.What = LookTerms },
		"by what":      func(e *AccessEntry) { e.SubjectID = "ctr_2" },
		"the items":    func(e *AccessEntry) { e.Items = "CONTRACT,FARM" },
	} {
		e := first
		change(&e)
		assert.NotEqual(t, first.Hash, e.follow(AccessEntry{Hash: chain.Genesis}).Hash, name)
	}
	assert.Equal(t, int64(1), first.Seq)
	assert.NotEqual(t, first.Hash, first.follow(first).Hash)
}

// No text opens a link that nobody signed, and none makes it panic.
func FuzzLinksOpenOnlyWhatWasSigned(f *testing.F) {
	l := Links{Key: []byte("key")}
	good := l.Sign(linkPaper, "ctr_1", "cli_1", "org_1", "1")
	for _, seed := range []string{good, good[1:], good + "A", strings.ToLower(good), "", "====", l.Sign("short"), Links{Key: []byte("other")}.Sign(linkPaper, "ctr_1", "cli_1", "org_1", "1")} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		parts, err := l.Open(token, partsOfLink)
		if token == good {
			require.NoError(t, err)
			assert.Equal(t, []string{linkPaper, "ctr_1", "cli_1", "org_1", "1"}, parts)
			return
		}
		assert.Equal(t, fault.NotFound, fault.CodeOf(err), token)
	})
}
