package e2e

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/kst"
)

// lenderID finds a lender's organisation by the firm's name.
func lenderID(c *caller, firm string) string {
	c.s.t.Helper()
	for _, v := range c.must(`{ financeProgrammes { organizationId lenderName } }`, nil).at(c.s.t, "financeProgrammes").([]any) {
		if p := v.(object); p["lenderName"] == firm {
			return p["organizationId"].(string)
		}
	}
	require.Fail(c.s.t, "no lender", firm)
	return ""
}

// changes reads a lender's whole feed, page by page, and returns what is open
// by it, the status of each application, and how many changes there were.
func changes(c *caller) (open, statuses map[string]string, count int) {
	c.s.t.Helper()
	open, statuses = map[string]string{}, map[string]string{}
	seen, cursor := map[string]bool{}, ""
	for {
		part := c.must(`query($after: String) { contractChanges(after: $after, first: 100) { cursor hasMore
			nodes { id kind contractId subjectId application { status } contract { status } } } }`, object{"after": cursor})
		for _, v := range part.at(c.s.t, "contractChanges.nodes").([]any) {
			change := v.(object)
			id := change["id"].(string)
			require.False(c.s.t, seen[id], "a change comes once")
			seen[id] = true
			switch change["kind"] {
			case "contract.shared":
				open[change["subjectId"].(string)] = ""
			case "contract.closed":
				delete(open, change["subjectId"].(string))
			}
			if a, ok := change["application"].(object); ok {
				statuses[change["subjectId"].(string)] = a["status"].(string)
			}
		}
		cursor = part.text(c.s.t, "contractChanges.cursor")
		if part.at(c.s.t, "contractChanges.hasMore") == false {
			return open, statuses, len(seen)
		}
	}
}

// listed reads a lender's live state: its contracts, and its applications'
// statuses.
func listed(c *caller) (open, statuses map[string]string) {
	c.s.t.Helper()
	open, statuses = map[string]string{}, map[string]string{}
	for _, list := range []struct {
		name string
		into map[string]string
	}{{"contracts", open}, {"financeApplications", statuses}} {
		var after any
		for more := true; more; {
			a := c.must(`query($after: String) { list: `+list.name+`(first: 100, after: $after) { nodes { id status } pageInfo { hasNextPage endCursor } } }`, object{"after": after})
			for _, v := range a.at(c.s.t, "list.nodes").([]any) {
				row := v.(object)
				list.into[row["id"].(string)] = row["status"].(string)
			}
			more, after = a.at(c.s.t, "list.pageInfo.hasNextPage") == true, a.at(c.s.t, "list.pageInfo.endCursor")
		}
	}
	for id := range open {
		open[id] = ""
	}
	return open, statuses
}

// upload hands a document in beside a mutation that will name it, and returns its
// SHA-256.
func (c *caller) upload(content string) string {
	c.s.t.Helper()
	request, err := http.NewRequest(http.MethodPost, c.s.url+"/files/documents", strings.NewReader(content))
	require.NoError(c.s.t, err)
	request.Header.Set("Authorization", "Bearer "+c.token)
	response, err := http.DefaultClient.Do(request)
	require.NoError(c.s.t, err)
	defer func() { _ = response.Body.Close() }()
	require.Equal(c.s.t, http.StatusCreated, response.StatusCode)
	var kept struct{ SHA256, Type string }
	require.NoError(c.s.t, json.NewDecoder(response.Body).Decode(&kept))
	require.Equal(c.s.t, "application/pdf", kept.Type)
	return kept.SHA256
}

const sharedSelection = `shared { items dealer { name } lines { productName } paperLink { url } borrower { name phone farm { filled } history { machinesBought } } }`

func TestALoanFromConsentToWithdrawal(t *testing.T) {
	eachEngine(t, func(t *testing.T, e engines) {
		s := start(t, e)
		dealer, hq := s.signIn("dealer@demo.dure"), s.signIn("hq@demo.dure")
		lenders := [2]*caller{s.system("lender-a"), s.system("lender-b")}
		firms := [2]string{lenderID(dealer, "두레캐피탈"), lenderID(dealer, "들녘저축은행")}

		contractID, sha, version := draft(dealer)
		dealer.mutate("signContract", "SignContractInput", "contract { id }", signing(dealer, contractID, sha, version))
		customerID := dealer.must(`query($id: ID!) { contract(id: $id) { customer { id } } }`, object{"id": contractID}).text(t, "contract.customer.id")
		asked := object{"contractId": contractID, "lenderIds": firms[:], "amount": 10_000_000, "months": 36}
		code, key, field := dealer.refused("applyForFinance", "ApplyForFinanceInput", asked)
		assert.Equal(t, []string{"CONFLICT", "application.no_consent", "lenderIds.0"}, []string{code, key, field})
		for i, items := range [][]string{{"CONTRACT", "IDENTITY", "CONTACT", "FARM"}, {"CONTRACT", "CREDIT"}} {
			dealer.mutate("recordConsent", "RecordConsentInput", "consent { items retainUntil withdrawnAt }", object{
				"customerId": customerID, "textId": consentText(dealer, "THIRD_PARTY"), "recipient": firms[i], "items": items, "retentionDays": 365,
			})
		}
		applied := dealer.mutate("applyForFinance", "ApplyForFinanceInput", "applications { id version status lender { id } }", asked)
		applicationID, version := applied.text(t, "applyForFinance.applications.0.id"), applied.number(t, "applyForFinance.applications.0.version")
		otherID := applied.text(t, "applyForFinance.applications.1.id")

		t.Run("each lender sees its own, each field by its item", func(t *testing.T) {
			query := `query($id: ID!) { contract(id: $id) { number total evidence { sha256 } financeApplications { id } ` + sharedSelection + ` } }`
			a := lenders[0].must(query, object{"id": contractID})
			assert.Equal(t, sha, a.text(t, "contract.evidence.sha256"))
			assert.Equal(t, "김논두렁", a.text(t, "contract.shared.borrower.name"))
			assert.Nil(t, a.at(t, "contract.shared.borrower.history"))
			assert.Equal(t, []any{object{"id": applicationID}}, a.at(t, "contract.financeApplications"))
			b := lenders[1].must(query, object{"id": contractID})
			assert.Nil(t, b.at(t, "contract.shared.borrower.name"))
			assert.Nil(t, b.at(t, "contract.shared.paperLink"))
			assert.Equal(t, 1, b.number(t, "contract.shared.borrower.history.machinesBought"))
			other := lenders[1].must(`query($a: ID!) { financeApplication(id: $a) { id } node(id: $a) { id } }`, object{"a": applicationID})
			assert.Nil(t, other.at(t, "financeApplication"))
			assert.Nil(t, other.at(t, "node"))
			refused, err := lenders[0].do(`query($id: ID!) { contract(id: $id) { customer { name } } }`, object{"id": contractID})
			require.NoError(t, err)
			assert.NotEmpty(t, refused.Errors, "the channel's fields are unknown to a lender")
		})

		due := kst.Day(time.Now().AddDate(0, 0, 7))
		lenders[0].mutate("requestDocuments", "RequestDocumentsInput", "application { stipulations { id status } }", object{
			"applicationId": applicationID, "documents": []object{{"title": "농업경영체 등록 확인서", "dueOn": due}},
		})
		decided := lenders[0].mutate("decideApplication", "DecideApplicationInput", "application { id status version }", object{
			"applicationId": applicationID, "expectedVersion": version, "decision": "CONDITIONAL", "conditions": []string{"확인서를 내 주세요"},
		})
		version = decided.number(t, "decideApplication.application.version")
		fund := object{"applicationId": applicationID, "expectedVersion": version, "amount": 10_000_000, "fundedOn": kst.Day(time.Now())}
		_, key, _ = lenders[0].refused("confirmFunding", "ConfirmFundingInput", fund)
		assert.Equal(t, "application.documents_missing", key)
		wanted := dealer.must(`query($id: ID!) { financeApplication(id: $id) { stipulations { id title dueOn status } } }`, object{"id": applicationID})
		dealer.mutate("answerStipulation", "AnswerStipulationInput", "application { id }", object{
			"stipulationId": wanted.text(t, "financeApplication.stipulations.0.id"),
			"uploaded":      object{"name": "확인서.pdf", "sha256": dealer.upload("%PDF-1.7" + strings.Repeat(" 확인서", 200_000))},
		})
		read := lenders[0].must(`query($id: ID!) { financeApplication(id: $id) { stipulations { fileName link { url } } shared { paperLink { url } } } }`, object{"id": applicationID})
		document, paper := read.text(t, "financeApplication.stipulations.0.link.url"), read.text(t, "financeApplication.shared.paperLink.url")
		for _, path := range []string{document, paper} {
			response, body := s.page("GET", s.url+path, "")
			assert.Equal(t, http.StatusOK, response.StatusCode)
			assert.Equal(t, "application/pdf", response.Header.Get("Content-Type"))
			assert.Equal(t, "%PDF-", body[:5])
		}
		funded := lenders[0].mutate("confirmFunding", "ConfirmFundingInput", "application { status fundedAmount fundedOn }", fund)
		assert.Equal(t, "FUNDED", funded.text(t, "confirmFunding.application.status"))

		dealer.mutate("withdrawConsent", "WithdrawConsentInput", "consent { withdrawnAt }", object{"customerId": customerID, "purpose": "THIRD_PARTY", "recipient": firms[0]})
		t.Run("a withdrawal closes what was open", func(t *testing.T) {
			a := lenders[0].must(`query($c: ID!, $a: ID!) { contract(id: $c) { id } financeApplication(id: $a) { status contract { id } shared { items } stipulations { fileName link { url } } } }`,
				object{"c": contractID, "a": applicationID})
			assert.Nil(t, a.at(t, "contract"))
			assert.Nil(t, a.at(t, "financeApplication.contract"))
			assert.Nil(t, a.at(t, "financeApplication.shared"))
			assert.Empty(t, a.text(t, "financeApplication.stipulations.0.fileName"))
			assert.Equal(t, "FUNDED", a.text(t, "financeApplication.status"))
			for _, path := range []string{document, paper} {
				response, _ := s.page("GET", s.url+path, "")
				assert.Equal(t, http.StatusNotFound, response.StatusCode)
			}
			still := lenders[1].must(`query($id: ID!) { contract(id: $id) { id } }`, object{"id": contractID})
			assert.Equal(t, contractID, still.text(t, "contract.id"), "to that lender alone")
		})
		t.Run("every look was written down", func(t *testing.T) {
			for _, c := range []*caller{dealer, hq} {
				a := c.must(`query($id: ID!) { accessLog(customerId: $id, first: 100) { totalCount nodes { seq what items organization { name } } } verifyAccessLog(customerId: $id) { entries intact } }`, object{"id": customerID})
				assert.Equal(t, true, a.at(t, "verifyAccessLog.intact"))
				assert.Equal(t, a.number(t, "accessLog.totalCount"), a.number(t, "verifyAccessLog.entries"))
				assert.Greater(t, a.number(t, "accessLog.totalCount"), 6)
			}
		})
		t.Run("a feed replayed from zero equals the live state", func(t *testing.T) {
			for i, c := range lenders {
				require.Eventually(t, func() bool { // PostgreSQL holds a feed back while any transaction runs
					open, statuses, count := changes(c)
					liveOpen, liveStatuses := listed(c)
					return count > 0 && assert.ObjectsAreEqual(liveOpen, open) && assert.ObjectsAreEqual(liveStatuses, statuses)
				}, 20*time.Second, 200*time.Millisecond)
				_, statuses := listed(c)
				assert.Equal(t, []string{"FUNDED", "SUBMITTED"}[i], statuses[[]string{applicationID, otherID}[i]])
			}
			first := lenders[0].must(`{ contractChanges(first: 1) { cursor } }`, nil).text(t, "contractChanges.cursor")
			theirs, err := lenders[1].do(`query($after: String) { contractChanges(after: $after) { cursor } }`, object{"after": first})
			require.NoError(t, err)
			require.Len(t, theirs.Errors, 1)
			assert.Equal(t, "INVALID", theirs.Errors[0]["extensions"].(object)["code"])
		})
	})
}
