package integration_test

import (
	"context"
	"encoding/base64"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/store"
	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/fault"
	"dure/domain/feed"
	"dure/domain/identity"
	"dure/domain/kst"
	"dure/domain/lending"
	"dure/domain/money"
)

// client is a lender's system.
func client(id, organization string) context.Context {
	return identity.With(context.Background(), identity.Actor{UserID: id, Persona: identity.Lender, OrganizationID: organization})
}

// agree lets a customer agree that lenders see some of their data.
func (w *world) agree(customerID string, items []customer.ConsentItem, lenders ...string) {
	w.Helper()
	for _, lender := range lenders {
		_, err := w.customers.RecordConsent(w.gimje, customer.RecordConsentInput{CustomerID: customerID, TextID: "third-party@1", Recipient: lender, Items: items})
		require.NoError(w, err)
	}
}

// disagree takes a lender's consent back.
func (w *world) disagree(customerID, lender string) {
	w.Helper()
	_, err := w.customers.WithdrawConsent(w.gimje, customer.WithdrawConsentInput{CustomerID: customerID, Purpose: customer.ThirdParty, Recipient: lender})
	require.NoError(w, err)
}

// asking asks lenders to finance a contract.
func asking(contractID string, lenders ...string) lending.ApplyForFinanceInput {
	return lending.ApplyForFinanceInput{ContractID: contractID, LenderIDs: lenders, Amount: 30_000_000, Months: 36}
}

func (w *world) apply(in lending.ApplyForFinanceInput) []lending.FinanceApplication {
	w.Helper()
	all, err := w.lending.ApplyForFinance(w.gimje, in)
	require.NoError(w, err)
	return all
}

// shared is a signed contract that lenders were asked to finance, with consent
// to all items.
func (w *world) shared(lenders ...string) (*deal.Contract, []lending.FinanceApplication) {
	w.Helper()
	c := w.sign(w.gimje, w.draft(w.gimje))
	w.agree(c.CustomerID, customer.ConsentItems, lenders...)
	return c, w.apply(asking(c.ID, lenders...))
}

func (w *world) decide(ctx context.Context, a lending.FinanceApplication, d lending.Decision, conditions ...string) *lending.FinanceApplication {
	w.Helper()
	in := lending.DecideApplicationInput{ApplicationID: a.ID, ExpectedVersion: a.Version, Decision: d, Conditions: conditions}
	if d == lending.Decline {
		in.Reasons = []string{"소득을 확인할 수 없어요"}
	}
	decided, err := w.lending.DecideApplication(ctx, in)
	require.NoError(w, err)
	return decided
}

// hears reads the whole of a client's feed in pages.
func (w *world) hears(ctx context.Context) []feed.Change {
	w.Helper()
	var all []feed.Change
	var after *string
	require.Eventually(w, func() bool { // PostgreSQL holds a feed back while any transaction runs
		part, err := w.lending.ContractChanges(ctx, ptr(3), after)
		require.NoError(w, err)
		all, after = append(all, part.Nodes...), &part.Cursor
		return !part.HasMore && len(all) == w.count("partner_changes", "organization_id = ?", identity.From(ctx).OrganizationID)
	}, 20*time.Second, 5*time.Millisecond)
	return all
}

// replayed is what is open to a client, by its feed alone.
func replayed(changes []feed.Change) []string {
	open := map[string]bool{}
	for _, c := range changes {
		switch c.Kind {
		case feed.ContractShared:
			open[c.SubjectID] = true
		case feed.ContractClosed:
			delete(open, c.SubjectID)
		}
	}
	ids := []string{}
	for id := range open {
		if strings.HasPrefix(id, "ctr_") {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// sees lists the ids of the contracts that a caller sees, page by page.
func (w *world) sees(ctx context.Context, f deal.ContractFilter) []string {
	w.Helper()
	ids := []string{}
	var after *string
	for {
		part, err := w.deals.Contracts(ctx, &f, ptr(2), after)
		require.NoError(w, err)
		for _, c := range part.Nodes {
			ids = append(ids, c.ID)
		}
		if after = part.PageInfo.EndCursor; !part.PageInfo.HasNextPage {
			assert.Len(w, ids, part.TotalCount)
			slices.Sort(ids)
			return ids
		}
	}
}

func TestALoanFromConsentToWithdrawal(t *testing.T) {
	eachWorld(t, func(w *world) {
		c, applications := w.shared("org_lender", "org_other_lender")
		require.Len(w, applications, 2)
		for i, ctx := range []context.Context{w.lenderA, w.lenderB} {
			own, err := w.lending.Applications(ctx, nil, nil, nil)
			require.NoError(w, err)
			require.Len(w, own.Nodes, 1, "each sees its own")
			assert.Equal(w, applications[i].ID, own.Nodes[0].ID)
			assert.Equal(w, []string{c.ID}, w.sees(ctx, deal.ContractFilter{}))
		}
		borrowers, err := w.lending.BorrowersOf(w.lenderA, []string{c.ID})
		require.NoError(w, err)
		assert.Equal(w, "김논두렁", *borrowers[c.ID].Name)
		assert.Equal(w, "010-0000-4321", *borrowers[c.ID].Phone)
		assert.Equal(w, 1, borrowers[c.ID].History.MachinesBought)

		asked, err := w.lending.RequestDocuments(w.lenderA, lending.RequestDocumentsInput{
			ApplicationID: applications[0].ID, Documents: []lending.DocumentInput{{Title: "농업경영체 확인서", DueOn: w.now().AddDate(0, 0, 7)}},
		})
		require.NoError(w, err)
		decided := w.decide(w.lenderA, *asked, lending.Conditioned, "확인서를 내 주세요")
		assert.Equal(w, lending.Conditional, decided.Status)
		fund := lending.ConfirmFundingInput{ApplicationID: decided.ID, ExpectedVersion: decided.Version, Amount: 30_000_000, FundedOn: w.now()}
		_, err = w.lending.ConfirmFunding(w.lenderA, fund)
		w.refused("before the document is there", err, fault.Conflict, "application.documents_missing", "")

		wanted, err := w.lending.StipulationsOf(w.gimje, []string{decided.ID})
		require.NoError(w, err)
		require.Len(w, wanted[decided.ID], 1, "the dealer sees what is wanted")
		w.pass(time.Hour)
		_, err = w.lending.AnswerStipulation(w.gimje, lending.AnswerStipulationInput{
			StipulationID: wanted[decided.ID][0].ID, Answer: "붙임과 같아요",
			File: &lending.FileInput{Name: "확인서.pdf", Content: base64.StdEncoding.EncodeToString([]byte("%PDF-1.7 확인서"))},
		})
		require.NoError(w, err)
		given, err := w.lending.StipulationsOf(w.lenderA, []string{decided.ID})
		require.NoError(w, err)
		link, err := w.lending.DocumentLink(w.lenderA, given[decided.ID][0])
		require.NoError(w, err)
		assert.Equal(w, "%PDF-1.7 확인서", w.opens(link), "the lender reads the document")
		funded, err := w.lending.ConfirmFunding(w.lenderA, fund)
		require.NoError(w, err)
		assert.Equal(w, lending.Funded, funded.Status)
		assert.True(w, kst.StartOfDay(w.now()).Equal(funded.FundedOn))

		deals, err := w.lending.SharedOf(w.lenderA, []string{c.ID, decided.ID})
		require.NoError(w, err)
		require.Len(w, deals, 2)
		assert.Equal(w, "김제대리점", deals[c.ID].Dealer.Name)
		assert.Equal(w, "두레 55", deals[decided.ID].Lines[0].ProductName)
		paper := deals[c.ID].PaperLink
		assert.Equal(w, "%PDF-", w.opens(paper)[:5])

		w.disagree(c.CustomerID, "org_lender")
		assert.Empty(w, w.sees(w.lenderA, deal.ContractFilter{}), "a withdrawal closes the contract at once")
		assert.Equal(w, []string{c.ID}, w.sees(w.lenderB, deal.ContractFilter{}), "to that lender alone")
		borrowers, err = w.lending.BorrowersOf(w.lenderA, []string{c.ID, decided.ID})
		require.NoError(w, err)
		assert.Empty(w, borrowers)
		given, err = w.lending.StipulationsOf(w.lenderA, []string{decided.ID})
		require.NoError(w, err)
		assert.Empty(w, given[decided.ID][0].Answer+given[decided.ID][0].FileSHA256)
		for name, l := range map[string]*lending.SignedLink{"the paper": paper, "the document": link} {
			_, err = w.lending.FileByLink(w.nobody, strings.TrimPrefix(l.URL, "/files/shared/"))
			w.refused(name, err, fault.NotFound, "file.not_found", "")
		}
		own, err := w.lending.Application(w.lenderA, decided.ID)
		require.NoError(w, err)
		assert.Equal(w, lending.Funded, own.Status, "what the lender did itself it still knows")

		var kinds []feed.Kind
		for _, change := range w.hears(w.lenderA) {
			kinds = append(kinds, change.Kind)
		}
		assert.Equal(w, []feed.Kind{
			feed.ContractShared, feed.ApplicationSubmitted, feed.DocumentsRequested, feed.ApplicationDecided, feed.DocumentsProvided,
			feed.ApplicationFunded, feed.ContractClosed,
		}, kinds)
		assert.Equal(w, []string{c.ID}, replayed(w.hears(w.lenderB)))
	})
}

// opens reads what a link leads to.
func (w *world) opens(link *lending.SignedLink) string {
	w.Helper()
	require.NotNil(w, link)
	file, err := w.lending.FileByLink(w.nobody, strings.TrimPrefix(link.URL, "/files/shared/"))
	require.NoError(w, err)
	content, err := io.ReadAll(file.Content)
	require.NoError(w, err)
	require.NoError(w, file.Content.Close())
	return string(content)
}

func TestEachFieldIsOpenedByItsItem(t *testing.T) {
	eachWorld(t, func(w *world) {
		c := w.sign(w.gimje, w.draft(w.gimje))
		w.agree(c.CustomerID, []customer.ConsentItem{customer.ItemContract}, "org_lender")
		w.apply(asking(c.ID, "org_lender"))
		read := func() (lending.Borrower, lending.SharedDeal) {
			borrowers, err := w.lending.BorrowersOf(w.lenderA, []string{c.ID})
			require.NoError(w, err)
			deals, err := w.lending.SharedOf(w.lenderA, []string{c.ID})
			require.NoError(w, err)
			return borrowers[c.ID], deals[c.ID]
		}
		none, d := read()
		assert.Equal(w, lending.Borrower{}, none)
		assert.Nil(w, d.PaperLink, "the paper shows more than the contract")
		for item, open := range map[customer.ConsentItem]func(lending.Borrower) bool{
			customer.ItemIdentity: func(b lending.Borrower) bool { return b.Name != nil && b.Kind != nil },
			customer.ItemContact:  func(b lending.Borrower) bool { return b.Phone != nil && b.Mail != nil && b.Address != nil },
			customer.ItemFarm:     func(b lending.Borrower) bool { return b.Farm != nil },
			customer.ItemCredit:   func(b lending.Borrower) bool { return b.History != nil },
		} {
			w.agree(c.CustomerID, []customer.ConsentItem{customer.ItemContract, item}, "org_lender")
			b, d := read()
			assert.True(w, open(b), item)
			assert.Nil(w, d.PaperLink, item)
			assert.Equal(w, item == customer.ItemIdentity, b.Name != nil, item)
			assert.Equal(w, item == customer.ItemContact, b.Address != nil, item)
			assert.Equal(w, item == customer.ItemFarm, b.Farm != nil, item)
			assert.Equal(w, item == customer.ItemCredit, b.History != nil, item)
		}
		w.agree(c.CustomerID, nil, "org_lender")
		b, d := read()
		assert.NotNil(w, b.Name, "the words as a whole name contract, identity and contact")
		assert.Nil(w, b.Farm)
		assert.NotNil(w, d.PaperLink)
		changed := 0
		for _, change := range w.hears(w.lenderA) {
			if change.Kind == feed.ContractChanged {
				changed++
			}
		}
		assert.Equal(w, 5, changed, "the lender hears of each")
	})
}

func TestAConsentForOthersSaysWhatAndHowLong(t *testing.T) {
	eachWorld(t, func(w *world) {
		c := w.farmer(w.gimje)
		good := customer.RecordConsentInput{CustomerID: c.ID, TextID: "third-party@1", Recipient: "org_lender", Items: []customer.ConsentItem{customer.ItemContract, customer.ItemFarm}, RetentionDays: ptr(30)}
		given, err := w.customers.RecordConsent(w.gimje, good)
		require.NoError(w, err)
		assert.Equal(w, w.now().AddDate(0, 0, 30), *given.RetainUntil())
		assert.Nil(w, given.WithdrawnAt())
		w.unchanged("bad consents", func() {
			for name, tt := range map[string]struct {
				change     func(*customer.RecordConsentInput)
				key, field string
			}{
				"without the contract":    {func(in *customer.RecordConsentInput) { in.Items = []customer.ConsentItem{customer.ItemFarm} }, "consent.items", "items"},
				"an item twice":           {func(in *customer.RecordConsentInput) { in.Items = append(in.Items, customer.ItemContract) }, "consent.items", "items"},
				"an unknown item":         {func(in *customer.RecordConsentInput) { in.Items = append(in.Items, "ALL") }, "consent.items", "items"},
				"kept for no day":         {func(in *customer.RecordConsentInput) { in.RetentionDays = ptr(0) }, "consent.retention", "retentionDays"},
				"kept for ever":           {func(in *customer.RecordConsentInput) { in.RetentionDays = ptr(customer.MaxRetention + 1) }, "consent.retention", "retentionDays"},
				"items for another thing": {func(in *customer.RecordConsentInput) { in.TextID, in.Recipient = "marketing@1", "" }, "consent.items", "items"},
			} {
				in := good
				in.Items = slices.Clone(good.Items)
				tt.change(&in)
				_, err := w.customers.RecordConsent(w.gimje, in)
				w.refused(name, err, fault.Invalid, tt.key, tt.field)
			}
		})
		w.pass(time.Minute)
		w.disagree(c.ID, "org_lender")
		by, err := w.customers.ConsentsOf(w.gimje, []string{c.ID})
		require.NoError(w, err)
		last := by[c.ID][0]
		assert.Equal(w, w.now(), last.WithdrawnAt().UTC())
		assert.Equal(w, good.Items, last.Items, "the entry says what was taken back")
		assert.Empty(w, last.Opens())
	})
}

func TestAQuoteBecomesTheContractThatIsDraftedFromIt(t *testing.T) {
	eachWorld(t, func(w *world) {
		q := w.quote(w.gimje)
		w.agree(q.CustomerID, nil, "org_lender")
		in := asking("", "org_lender")
		in.QuoteID = q.ID
		a := w.apply(in)[0]
		assert.Empty(w, a.ContractID)
		deals, err := w.lending.SharedOf(w.lenderA, []string{a.ID})
		require.NoError(w, err)
		assert.Equal(w, "두레 55", deals[a.ID].Lines[0].ProductName, "there is no contract yet")

		first := w.draftOf(w.gimje, q.ID)
		assert.Equal(w, []string{first.ID}, w.sees(w.lenderA, deal.ContractFilter{}))
		w.cancel(w.gimje, first)
		second := w.sign(w.gimje, w.draftOf(w.gimje, q.ID))
		assert.Equal(w, []string{second.ID}, w.sees(w.lenderA, deal.ContractFilter{}))
		assert.Equal(w, []string{second.ID}, replayed(w.hears(w.lenderA)))
		_, err = w.deals.Contract(w.lenderA, first.ID)
		w.refused("the one that was cancelled", err, fault.NotFound, "contract.not_found", "")
	})
}

// A consent that is taken back while a dealer applies is either seen by the
// application, or closes what it opened.
func TestAWithdrawalThatComesTogetherWithAnApplicationLeavesNothingOpen(t *testing.T) {
	eachWorld(t, func(w *world) {
		for range 6 {
			c := w.sign(w.gimje, w.draft(w.gimje))
			w.agree(c.CustomerID, nil, "org_lender")
			errs := atOnce(2, func(i int) error {
				if i == 0 {
					return failed(w.lending.ApplyForFinance(w.gimje, asking(c.ID, "org_lender")))
				}
				return failed(w.customers.WithdrawConsent(w.gimje, customer.WithdrawConsentInput{CustomerID: c.CustomerID, Purpose: customer.ThirdParty, Recipient: "org_lender"}))
			})
			require.NoError(w, errs[1])
			if errs[0] != nil {
				w.refused("too late", errs[0], fault.Conflict, "application.no_consent", "lenderIds.0")
			}
			assert.Zero(w, w.count("shares", "customer_id = ?", c.CustomerID))
		}
		assert.Empty(w, w.sees(w.lenderA, deal.ContractFilter{}))
		assert.Empty(w, replayed(w.hears(w.lenderA)))
	})
}

func TestAFeedsCursorStaysValidAndIsTheClientsOwn(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.shared("org_lender", "org_other_lender")
		all := w.hears(w.lenderA)
		part, err := w.lending.ContractChanges(w.lenderA, ptr(1), nil)
		require.NoError(w, err)
		require.Equal(w, all[:1], part.Nodes)
		w.pass(400 * 24 * time.Hour)
		rest, err := w.lending.ContractChanges(w.lenderA, nil, &part.Cursor)
		require.NoError(w, err)
		assert.Equal(w, all[1:], rest.Nodes)
		end, err := w.lending.ContractChanges(w.lenderA, nil, &rest.Cursor)
		require.NoError(w, err)
		assert.Empty(w, end.Nodes)
		assert.Equal(w, rest.Cursor, end.Cursor, "at the end one stays where one is")
		for name, ctx := range map[string]context.Context{"another lender": w.lenderB, "another client of the same": client("cli_c", "org_lender")} {
			_, err = w.lending.ContractChanges(ctx, nil, &part.Cursor)
			w.refused(name, err, fault.Invalid, "page.bad_cursor", "after")
		}
		_, err = w.lending.ContractChanges(w.lenderA, ptr(101), nil)
		w.refused("too many", err, fault.Invalid, "page.bad_first", "first")
	})
}

// Whatever a lender asks for, by id or by filter, it finds its own alone.
func TestNoLenderFindsAForeignRow(t *testing.T) {
	eachWorld(t, func(w *world) {
		own := map[string][]string{"org_lender": {}, "org_other_lender": {}}
		var contracts, applications, stipulations, customers []string
		for i := range 7 {
			lenders := [][]string{{"org_lender"}, {"org_other_lender"}, {"org_lender", "org_other_lender"}}[i%3]
			c, all := w.shared(lenders...)
			contracts, customers = append(contracts, c.ID), append(customers, c.CustomerID)
			for n, a := range all {
				applications = append(applications, a.ID)
				own[lenders[n]] = append(own[lenders[n]], c.ID)
				_, err := w.lending.RequestDocuments(client("cli_x", lenders[n]), lending.RequestDocumentsInput{ApplicationID: a.ID, Documents: []lending.DocumentInput{{Title: "서류", DueOn: w.now()}}})
				require.NoError(w, err)
				by, err := w.lending.StipulationsOf(w.hq, []string{a.ID})
				require.NoError(w, err)
				stipulations = append(stipulations, by[a.ID][0].ID)
			}
			w.pass(24 * time.Hour)
		}
		contracts = append(contracts, w.sign(w.iksan, w.draft(w.iksan)).ID, "ctr_nothing")
		start, total := opening, price55-1_000_000
		filters := []deal.ContractFilter{
			{},
			{Status: deal.ContractSigned},
			{Channel: deal.Digital},
			{DealerID: "dlr_gimje"},
			{RegionCode: "52"},
			{SignedFrom: &start},
			{AmountFrom: ptr(money.Won(1)), AmountTo: &total},
			{ChangedSince: &start},
			{IDs: contracts},
		}
		for organization, ids := range own {
			ctx := client("cli_of_"+organization, organization)
			slices.Sort(ids)
			for _, f := range filters {
				assert.Equal(w, ids, w.sees(ctx, f), "%s with %+v", organization, f)
			}
			for _, f := range []deal.ContractFilter{
				{DealerID: "dlr_iksan"},
				{RegionCode: "41"},
				{Status: deal.ContractCancelled},
				{AmountFrom: ptr(total + 1)},
				{SignedUntil: &start},
				{ChangedSince: ptr(w.now().Add(time.Hour))},
				{IDs: []string{}},
			} {
				assert.Empty(w, w.sees(ctx, f), "%s with %+v", organization, f)
			}
			for i, id := range contracts {
				_, err := w.deals.Contract(ctx, id)
				if slices.Contains(ids, id) {
					require.NoError(w, err)
					continue
				}
				w.refused("the same answer for what is not there and what is another's", err, fault.NotFound, "contract.not_found", "")
				if i < len(customers) {
					assert.Empty(w, w.sees(ctx, deal.ContractFilter{CustomerID: customers[i]}))
				}
			}
			shown, err := w.lending.SharedOf(ctx, slices.Concat(contracts, applications))
			require.NoError(w, err)
			assert.Len(w, shown, 2*len(ids))
			people, err := w.lending.BorrowersOf(ctx, slices.Concat(contracts, applications, customers))
			require.NoError(w, err)
			assert.Len(w, people, 2*len(ids))
			byID, err := w.lending.ApplicationsByID(ctx, applications)
			require.NoError(w, err)
			assert.Len(w, byID, len(ids))
			ofContracts, err := w.lending.ApplicationsOfContracts(ctx, contracts)
			require.NoError(w, err)
			assert.Len(w, ofContracts, len(ids))
			for _, f := range []lending.ApplicationFilter{{}, {Status: lending.Submitted}, {DealerID: "dlr_gimje"}} {
				list, err := w.lending.Applications(ctx, &f, nil, nil)
				require.NoError(w, err)
				assert.Len(w, list.Nodes, len(ids))
			}
			for i, id := range applications {
				if _, mine := byID[id]; mine {
					continue
				}
				w.unchanged("a foreign application", func() {
					_, err := w.lending.Application(ctx, id)
					w.refused("read", err, fault.NotFound, "application.not_found", "")
					_, err = w.lending.DecideApplication(ctx, lending.DecideApplicationInput{ApplicationID: id, ExpectedVersion: 1, Decision: lending.Approve})
					w.refused("decided", err, fault.NotFound, "application.not_found", "applicationId")
					_, err = w.lending.RequestDocuments(ctx, lending.RequestDocumentsInput{ApplicationID: id})
					w.refused("asked for documents", err, fault.NotFound, "application.not_found", "applicationId")
					_, err = w.lending.ConfirmFunding(ctx, lending.ConfirmFundingInput{ApplicationID: id})
					w.refused("funded", err, fault.NotFound, "application.not_found", "applicationId")
					wanted, err := store.Lending{DB: w.db}.StipulationsOf(ctx, identity.Scope{Reach: identity.OwnOrganization, OrganizationID: organization}, []string{id})
					require.NoError(w, err)
					assert.Empty(w, wanted)
					_ = stipulations[i]
				})
			}
			for _, change := range w.hears(ctx) {
				assert.Contains(w, ids, change.ContractID)
			}
			assert.Equal(w, ids, replayed(w.hears(ctx)))
		}
		stray := client("cli_stray", "")
		assert.Empty(w, w.sees(stray, deal.ContractFilter{}), "a client of no organisation sees nothing")
		_, err := w.lending.ContractChanges(stray, nil, nil)
		w.refused("and hears nothing", err, fault.Forbidden, "identity.not_allowed", "")
	})
}
