package integration_test

import (
	"context"
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
	"dure/domain/identity"
	"dure/domain/link"
	"dure/domain/logistics"
)

// phone is the id that a customer's browser gave itself.
const phone = "a-browser-of-the-customer"

func (w *world) link(c *deal.Contract) *link.Made {
	w.Helper()
	dealer := w.gimje
	if c.DealerID == "dlr_iksan" {
		dealer = w.iksan
	}
	made, err := w.links.CreateCustomerLink(dealer, link.CreateCustomerLinkInput{ContractID: c.ID})
	require.NoError(w, err)
	return made
}

// secretOf is what stands in a link.
func secretOf(made *link.Made) string {
	_, secret, _ := strings.Cut(made.URL, "/c/")
	return secret
}

func (w *world) enter(made *link.Made, code, device string) error {
	_, err := w.links.OpenCustomerLink(w.nobody, link.OpenCustomerLinkInput{Secret: secretOf(made), Code: code, DeviceID: device})
	return err
}

// opened is a link that its customer has opened.
func (w *world) opened(c *deal.Contract) *link.CustomerLink {
	w.Helper()
	made := w.link(c)
	require.NoError(w, w.enter(made, made.Code, phone))
	return made.Link
}

// owner speaks for the customer of a link, as its access token does.
func (w *world) owner(l *link.CustomerLink) context.Context {
	return identity.With(w.nobody, identity.Actor{UserID: l.CustomerID, Persona: identity.Customer, SessionID: l.ID})
}

// signingByLink is a signature from the customer's phone in good order.
func signingByLink(c *deal.Contract) link.SignContractByLinkInput {
	in := signing(c)
	return link.SignContractByLinkInput{ExpectedVersion: c.Version, ReadSha256: c.PaperSHA256, Signature: in.Signature, ConsentTextIDs: in.ConsentTextIDs}
}

// post keeps what a link's letters bring.
type post []link.Letter

// DeliverLink implements link.Mailer.
func (p *post) DeliverLink(_ context.Context, l link.Letter) error {
	*p = append(*p, l)
	return nil
}

func TestACustomerSignsByALink(t *testing.T) {
	eachWorld(t, func(w *world) {
		c := w.draft(w.gimje)
		own := w.owner(w.opened(c))
		read, err := w.links.CustomerContract(own)
		require.NoError(w, err)
		assert.Equal(w, []any{c.ID, c.Number, deal.ContractDraft, c.Total, c.PaperSHA256}, []any{read.ID, read.Number, read.Status, read.Total, read.PaperSHA256})
		assert.Equal(w, []string{"김논두렁", "김제대리점", "사람 usr_gimje"}, []string{read.CustomerName, read.DealerName, read.StaffName})
		require.Len(w, read.Lines, 1)

		file, err := w.links.PaperLink(own)
		require.NoError(w, err)
		token := strings.TrimPrefix(file.URL, "/files/shared/")
		paper, err := w.links.FileByLink(w.nobody, token)
		require.NoError(w, err)
		content, err := io.ReadAll(paper.Content)
		require.NoError(w, err)
		require.NoError(w, paper.Content.Close())
		assert.Equal(w, c.PaperSHA256, sha256Of(content), "they read what they sign")

		w.pass(time.Minute)
		in := signingByLink(c)
		in.IdempotencyKey = "sign-1"
		before := w.points("dlr_gimje").Points
		signed, err := w.links.SignContractByLink(own, in)
		require.NoError(w, err)
		assert.Equal(w, deal.ContractSigned, signed.Status)
		assert.True(w, w.now().Equal(signed.SignedAt))
		again, err := w.links.SignContractByLink(own, in)
		require.NoError(w, err, "a repeat gets the first answer")
		assert.Equal(w, signed.Version, again.Version)
		assert.Equal(w, before+30, w.points("dlr_gimje").Points, "the digital procedure, on another screen")

		events, err := w.deals.EvidenceOf(w.gimje, c.ID)
		require.NoError(w, err)
		require.NoError(w, deal.VerifyEvidence(events))
		last := events[len(events)-1]
		assert.Equal(w, c.CustomerID, last.ActorID, "nobody of the dealer's stood by")
		assert.Equal(w, []string{identity.From(own).SessionID, "VOICE"}, []string{last.Detail[deal.DetailLink], last.Detail[deal.DetailCodeBy]})
		assert.Equal(w, 1, w.count("acts", "kind = ? AND actor_id = ? AND facts LIKE ?", act.ContractSigned, c.CustomerID, `%"byLink":true%`))
		assert.NotEmpty(w, w.sealed(&signed.Contract), "the package is sealed as any")

		in.IdempotencyKey, in.ExpectedVersion = "", signed.Version
		w.unchanged("a second signature", func() {
			_, err := w.links.SignContractByLink(own, in)
			w.refused("a second signature", err, fault.Conflict, "contract.already_signed", "")
		})
		w.pass(10 * time.Minute)
		_, err = w.links.FileByLink(w.nobody, token)
		w.refused("an old file link", err, fault.NotFound, "file.not_found", "")
	})
}

func TestALinkOpensInOneBrowserByItsCode(t *testing.T) {
	eachWorld(t, func(w *world) {
		made := w.link(w.draft(w.gimje))
		assert.Equal(w, link.ByVoice, made.Link.CodeBy, "the customer has no mail address")
		assert.Regexp(w, `^\d{6}$`, made.Code)
		assert.Zero(w, w.count("customer_links", "secret_hash = ?", secretOf(made)), "secrets are not kept")

		w.refused("no code", w.enter(made, "", phone), fault.Invalid, "link.code_needed", "code")
		w.refused("a wrong code", w.enter(made, "wrong!", phone), fault.Invalid, "link.wrong_code", "code")
		w.refused("a device without an id", w.enter(made, made.Code, "short"), fault.Invalid, "link.bad_device", "deviceId")
		require.NoError(w, w.enter(made, " "+made.Code+" ", phone))
		require.NoError(w, w.enter(made, "", phone), "the same browser needs no code")
		w.refused("a second browser", w.enter(made, made.Code, "another-browser-of-somebody"), fault.Conflict, "link.other_browser", "deviceId")
		_, err := w.links.RenewCustomerLinkCode(w.gimje, link.RenewCustomerLinkCodeInput{LinkID: made.Link.ID})
		w.refused("a new code for a link that is open", err, fault.Conflict, "link.already_opened", "")
		assert.Equal(w, 1, w.count("acts", "kind = ?", act.LinkOpened), "it was opened once")

		w.pass(link.DefaultDays * 24 * time.Hour)
		w.refused("an expired link", w.enter(made, "", phone), fault.NotFound, "link.over", "")
		_, err = w.links.CustomerContract(w.owner(made.Link))
		w.refused("a token of an expired link", err, fault.Unauthenticated, "link.ended", "")
	})
}

func TestEveryLinkThatOpensNothingAnswersAlike(t *testing.T) {
	eachWorld(t, func(w *world) {
		c := w.draft(w.gimje)
		replaced := w.link(c)
		revoked := w.link(c)
		own := w.owner(revoked.Link)
		require.NoError(w, w.enter(revoked, revoked.Code, phone))
		_, err := w.links.RevokeCustomerLink(w.gimje, link.RevokeCustomerLinkInput{LinkID: revoked.Link.ID})
		require.NoError(w, err)
		_, err = w.links.CustomerContract(own)
		w.refused("whoever was in is out at once", err, fault.Unauthenticated, "link.ended", "")
		_, err = w.links.SignContractByLink(own, signingByLink(c))
		w.refused("and signs nothing", err, fault.Unauthenticated, "link.ended", "")
		_, err = w.links.RevokeCustomerLink(w.gimje, link.RevokeCustomerLinkInput{LinkID: revoked.Link.ID})
		require.NoError(w, err, "revoking twice is once")
		assert.Equal(w, 1, w.count("acts", "kind = ?", act.LinkRevoked))

		unknown := &link.Made{URL: "https://dure.example/c/made-up"}
		long := &link.Made{URL: "https://dure.example/c/" + strings.Repeat("x", 10_000)}
		for name, made := range map[string]*link.Made{"replaced": replaced, "revoked": revoked, "unknown": unknown, "endless": long} {
			w.refused(name, w.enter(made, made.Code, phone), fault.NotFound, "link.over", "")
			_, err := w.links.RequestCustomerLinkCode(w.nobody, link.RequestCustomerLinkCodeInput{Secret: secretOf(made)})
			w.refused(name, err, fault.NotFound, "link.over", "")
		}
	})
}

func TestWrongCodesUseUpACodeAndThenTheLink(t *testing.T) {
	eachWorld(t, func(w *world) {
		made := w.link(w.draft(w.gimje))
		for used := 0; used < link.MissesOfALink; used += link.MissesOfACode {
			for range link.MissesOfACode - 1 {
				w.refused("a wrong code", w.enter(made, "wrong!", phone), fault.Invalid, "link.wrong_code", "code")
			}
			w.refused("the last try", w.enter(made, "wrong!", phone), fault.Conflict, "link.code_over", "code")
			if used+link.MissesOfACode < link.MissesOfALink {
				w.refused("the right code, too late", w.enter(made, made.Code, phone), fault.Conflict, "link.code_over", "code")
				before := made.Code
				var err error
				made, err = w.links.RenewCustomerLinkCode(w.gimje, link.RenewCustomerLinkCodeInput{LinkID: made.Link.ID})
				require.NoError(w, err)
				assert.NotEqual(w, before, made.Code)
			}
		}
		w.refused("a locked link", w.enter(made, made.Code, phone), fault.NotFound, "link.over", "")
		_, err := w.links.RenewCustomerLinkCode(w.gimje, link.RenewCustomerLinkCodeInput{LinkID: made.Link.ID})
		w.refused("a new code for it", err, fault.NotFound, "link.over", "linkId")
		rows, err := w.links.LinksOfContracts(w.rep, []string{made.Link.ContractID})
		require.NoError(w, err)
		require.Len(w, rows[made.Link.ContractID], 1)
		assert.Equal(w, link.Locked, rows[made.Link.ContractID][0].Status(w.now()), "the dealer sees why")
	})
}

func TestACodeEndsByItself(t *testing.T) {
	eachWorld(t, func(w *world) {
		made := w.link(w.draft(w.gimje))
		w.pass(link.VoiceCodeFor)
		w.refused("an old code", w.enter(made, made.Code, phone), fault.Conflict, "link.code_over", "code")
	})
}

func TestTryingLinksIsLimited(t *testing.T) {
	eachWorld(t, func(w *world) {
		from := identity.FromAddress(w.nobody, "203.0.113.7")
		try := func() error {
			_, err := w.links.OpenCustomerLink(from, link.OpenCustomerLinkInput{Secret: w.links.NewID("guess"), Code: "123456", DeviceID: phone})
			return err
		}
		for range link.AddressTries {
			w.refused("a guess", try(), fault.NotFound, "link.over", "")
		}
		w.refused("one guess more", try(), fault.Limited, "identity.too_many_attempts", "")
	})
}

func TestALinkAndItsCodeGoByMail(t *testing.T) {
	eachWorld(t, func(w *world) {
		box := &post{}
		c := w.draft(w.gimje)
		by := link.ByMail
		w.unchanged("a customer without an address", func() {
			_, err := w.links.CreateCustomerLink(w.gimje, link.CreateCustomerLinkInput{ContractID: c.ID, CodeBy: by})
			w.refused("a customer without an address", err, fault.Conflict, "link.no_mail", "codeBy")
		})
		w.links.Post, w.links.Mailer = w.library, box
		who, err := w.customers.Customer(w.gimje, c.CustomerID)
		require.NoError(w, err)
		_, err = w.customers.UpdateCustomer(w.gimje, customer.UpdateCustomerInput{CustomerID: who.ID, ExpectedVersion: who.Version, Mail: ptr("farmer@example.com")})
		require.NoError(w, err)

		made, err := w.links.CreateCustomerLink(w.gimje, link.CreateCustomerLinkInput{ContractID: c.ID, IdempotencyKey: "k"})
		require.NoError(w, err)
		again, err := w.links.CreateCustomerLink(w.gimje, link.CreateCustomerLinkInput{ContractID: c.ID, IdempotencyKey: "k"})
		require.NoError(w, err)
		assert.Equal(w, made.URL, again.URL, "a repeat gets the first answer, which is kept nowhere")
		assert.Zero(w, w.count("idempotency_keys", "answer LIKE ?", "%"+secretOf(made)+"%"))
		assert.True(w, made.Mailed)
		assert.Empty(w, made.Code, "the dealer is not told")
		w.refused("a code before there is one", w.enter(made, "123456", phone), fault.Conflict, "link.code_over", "code")
		how, err := w.links.RequestCustomerLinkCode(w.nobody, link.RequestCustomerLinkCodeInput{Secret: secretOf(made)})
		require.NoError(w, err)
		assert.Equal(w, link.ByMail, how)
		assert.Equal(w, 2, w.count("river_job", "kind = ?", "link.send"))

		require.NoError(w, w.links.SendLetter(w.system, link.LetterLink, made.Link.ID, 0))
		require.NoError(w, w.links.SendLetter(w.system, link.LetterCode, made.Link.ID, 1))
		require.NoError(w, w.links.SendLetter(w.system, link.LetterCode, made.Link.ID, 2), "a code that was overtaken is not sent")
		require.Len(w, *box, 2)
		assert.Equal(w, []string{"farmer@example.com", "김논두렁", made.URL}, []string{(*box)[0].To, (*box)[0].Name, (*box)[0].Says})
		require.NoError(w, w.enter(made, (*box)[1].Says, phone))
		for range link.CodeRequests {
			_, _ = w.links.RequestCustomerLinkCode(w.nobody, link.RequestCustomerLinkCodeInput{Secret: secretOf(made)})
		}
		_, err = w.links.RequestCustomerLinkCode(w.nobody, link.RequestCustomerLinkCodeInput{Secret: secretOf(made)})
		w.refused("nobody is flooded", err, fault.Limited, "identity.too_many_attempts", "")
	})
}

func TestALinkIsMadeForAContractOfOnesOwnThatHolds(t *testing.T) {
	eachWorld(t, func(w *world) {
		c, others := w.draft(w.gimje), w.draft(w.iksan)
		foreign, err := w.links.CreateCustomerLink(w.iksan, link.CreateCustomerLinkInput{ContractID: others.ID})
		require.NoError(w, err)
		w.unchanged("links that are refused", func() {
			_, err := w.links.CreateCustomerLink(w.gimje, link.CreateCustomerLinkInput{ContractID: others.ID})
			w.refused("another dealer's contract", err, fault.NotFound, "contract.not_found", "contractId")
			for _, days := range []int{0, -1, link.MaxDays + 1} {
				_, err = w.links.CreateCustomerLink(w.gimje, link.CreateCustomerLinkInput{ContractID: c.ID, ValidDays: &days})
				w.refused("days", err, fault.Invalid, "link.bad_days", "validDays")
			}
			_, err = w.links.RevokeCustomerLink(w.gimje, link.RevokeCustomerLinkInput{LinkID: foreign.Link.ID})
			w.refused("another dealer's link", err, fault.NotFound, "link.not_found", "linkId")
			_, err = w.links.RenewCustomerLinkCode(w.gimje, link.RenewCustomerLinkCodeInput{LinkID: foreign.Link.ID})
			w.refused("another dealer's code", err, fault.NotFound, "link.not_found", "linkId")
			rows, err := w.links.LinksOfContracts(w.gimje, []string{others.ID})
			require.NoError(w, err)
			assert.Empty(w, rows)
		})
		own := w.owner(w.opened(c))
		cancelled := w.cancel(w.gimje, c)
		w.unchanged("a cancelled contract", func() {
			_, err := w.links.CreateCustomerLink(w.gimje, link.CreateCustomerLinkInput{ContractID: c.ID})
			w.refused("a link", err, fault.Conflict, "link.contract_cancelled", "contractId")
			in := signingByLink(c)
			in.ExpectedVersion = cancelled.Version
			_, err = w.links.SignContractByLink(own, in)
			w.refused("a signature", err, fault.Conflict, "contract.not_signable", "")
		})
		read, err := w.links.CustomerContract(own)
		require.NoError(w, err, "the customer still reads that it is")
		assert.Equal(w, deal.ContractCancelled, read.Status)
	})
}

func TestACustomerFollowsTheDeliveryAndKeepsTheirConsents(t *testing.T) {
	eachWorld(t, func(w *world) {
		c, _ := w.shared("org_lender")
		own := w.owner(w.opened(c))
		consents := func(recipient string) customer.ConsentAction {
			read, err := w.links.CustomerContract(own)
			require.NoError(w, err)
			for _, k := range read.Consents {
				if k.Recipient == recipient && k.Purpose == customer.ThirdParty {
					return k.Action
				}
			}
			return ""
		}
		assert.Equal(w, customer.Granted, consents("org_lender"))
		seen, err := w.lending.SharedOf(w.lenderA, []string{c.ID})
		require.NoError(w, err)
		require.Len(w, seen, 1)

		withdraw := link.WithdrawConsentByLinkInput{Purpose: customer.ThirdParty, Recipient: "org_lender"}
		_, err = w.links.WithdrawConsentByLink(own, withdraw)
		require.NoError(w, err)
		assert.Equal(w, customer.Withdrawn, consents("org_lender"))
		assert.Equal(w, 1, w.count("consents", "customer_id = ? AND method = ? AND actor_id = ?", c.CustomerID, customer.ByLink, c.CustomerID))
		seen, err = w.lending.SharedOf(w.lenderA, []string{c.ID})
		require.NoError(w, err)
		assert.Empty(w, seen, "the lender's fields close at once")
		w.unchanged("consents that are refused", func() {
			_, err = w.links.WithdrawConsentByLink(own, withdraw)
			w.refused("twice", err, fault.Conflict, "consent.not_given", "purpose")
			_, err = w.links.GrantConsentByLink(own, link.GrantConsentByLinkInput{TextID: "third-party@1", Recipient: "org_other_lender"})
			w.refused("a firm that nobody named", err, fault.NotFound, "consent.unknown_recipient", "recipient")
		})
		_, err = w.links.GrantConsentByLink(own, link.GrantConsentByLinkInput{TextID: "third-party@1", Recipient: "org_lender", Items: []customer.ConsentItem{customer.ItemContract}})
		require.NoError(w, err)
		assert.Equal(w, customer.Granted, consents("org_lender"))
		_, err = w.links.GrantConsentByLink(own, link.GrantConsentByLinkInput{TextID: "marketing@1"})
		require.NoError(w, err)

		_, err = w.customers.RecordConsent(w.gimje, customer.RecordConsentInput{CustomerID: c.CustomerID, TextID: "third-party@1", Recipient: "org_carrier"})
		require.NoError(w, err)
		sh := w.underway(c)
		w.pass(time.Hour)
		_, err = w.report(sh, logistics.ShipmentInTransit, nil)
		require.NoError(w, err)
		read, err := w.links.CustomerContract(own)
		require.NoError(w, err)
		require.Len(w, read.Deliveries, 1)
		assert.Equal(w, logistics.ShipmentInTransit, read.Deliveries[0].Status)
		assert.Len(w, read.Deliveries[0].Events, 1)
		firms, err := w.links.Recipients(own)
		require.NoError(w, err)
		var ids []string
		for _, f := range firms {
			ids = append(ids, f.ID)
		}
		assert.Equal(w, []string{"org_carrier", "org_lender"}, ids)
	})
}
