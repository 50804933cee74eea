package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"

	"github.com/Khan/genqlient/graphql"

	"example.com/lender/api"
)

// several is a flag that may be given more than once.
type several []string

// String implements flag.Value.
func (s *several) String() string { return strings.Join(*s, ", ") }

// Set implements flag.Value.
func (s *several) Set(v string) error {
	*s = append(*s, v)
	return nil
}

// decide says yes, yes under conditions, or no.
func decide(ctx context.Context, _ settings, dure graphql.Client, args []string) error {
	flags := flag.NewFlagSet("decide", flag.ContinueOnError)
	id := flags.String("application", "", "the application's id")
	decision := flags.String("decision", "APPROVE", "APPROVE, CONDITIONAL or DECLINE")
	amount := flags.Int64("amount", 0, "what is financed, in won; all of it when left out")
	var conditions, reasons several
	flags.Var(&conditions, "condition", "what must be met first; may be given more than once")
	flags.Var(&reasons, "reason", "why; may be given more than once")
	if err := flags.Parse(args); err != nil {
		return err
	}
	a, err := read(ctx, dure, *id)
	if err != nil {
		return err
	}
	in := api.DecideApplicationInput{
		IdempotencyKey: key("decide", a), ApplicationId: a.Id, ExpectedVersion: a.Version, Decision: api.FinanceDecision(*decision),
		Conditions: conditions, Reasons: reasons,
	}
	if *amount != 0 {
		in.Amount = amount
	}
	answer, err := api.Decide(ctx, dure, in)
	if err != nil {
		return err
	}
	return show(answer.DecideApplication.Application, answer.DecideApplication.UserErrors)
}

// request asks the dealer for a document.
func request(ctx context.Context, _ settings, dure graphql.Client, args []string) error {
	flags := flag.NewFlagSet("request", flag.ContinueOnError)
	id := flags.String("application", "", "the application's id")
	title := flags.String("title", "", "what is wanted")
	due := flags.String("due", "", "the day it is due, such as 2026-12-01")
	if err := flags.Parse(args); err != nil {
		return err
	}
	a, err := read(ctx, dure, *id)
	if err != nil {
		return err
	}
	answer, err := api.RequestDocuments(ctx, dure, api.RequestDocumentsInput{
		IdempotencyKey: key("request/"+*title, a), ApplicationId: a.Id, Documents: []api.DocumentInput{{Title: *title, DueOn: *due}},
	})
	if err != nil {
		return err
	}
	return show(answer.RequestDocuments.Application, answer.RequestDocuments.UserErrors)
}

// fund confirms that what was approved was paid.
func fund(ctx context.Context, _ settings, dure graphql.Client, args []string) error {
	flags := flag.NewFlagSet("fund", flag.ContinueOnError)
	id := flags.String("application", "", "the application's id")
	on := flags.String("on", "", "the day it was paid, such as 2026-11-24")
	if err := flags.Parse(args); err != nil {
		return err
	}
	a, err := read(ctx, dure, *id)
	if err != nil {
		return err
	}
	answer, err := api.ConfirmFunding(ctx, dure, api.ConfirmFundingInput{
		IdempotencyKey: key("fund", a), ApplicationId: a.Id, ExpectedVersion: a.Version, Amount: a.ApprovedAmount, FundedOn: *on,
	})
	if err != nil {
		return err
	}
	return show(answer.ConfirmFunding.Application, answer.ConfirmFunding.UserErrors)
}

// read returns an application as it is now.
func read(ctx context.Context, dure graphql.Client, id string) (*api.Application, error) {
	answer, err := api.ReadApplication(ctx, dure, id)
	if err != nil {
		return nil, err
	}
	if answer.FinanceApplication == nil {
		return nil, fmt.Errorf("there is no application %q for us", id)
	}
	return answer.FinanceApplication, nil
}

// key makes a repeat harmless: the same step on the same version of an
// application has the same key, and gets the first answer again.
func key(step string, a *api.Application) *string {
	k := fmt.Sprintf("%s/%s/%d", step, a.Id, a.Version)
	return &k
}

// show prints an application, or tells why Dure refused.
func show(a *api.Application, refused []api.Refused) error {
	if err := refusal(refused); err != nil {
		return err
	}
	fmt.Printf("%s %s, version %d, %d won approved\n", a.Id, a.Status, a.Version, a.ApprovedAmount)
	for _, d := range a.Stipulations {
		fmt.Printf("  %s %s, due %s: %s\n", d.Id, d.Title, d.DueOn, d.Status)
	}
	return nil
}

// refusal is what Dure wants mended; nothing was written.
func refusal(refused []api.Refused) error {
	var all []error
	for _, r := range refused {
		on := ""
		if r.Field != nil {
			on = " (" + *r.Field + ")"
		}
		all = append(all, fmt.Errorf("%s%s: %s", r.Code, on, r.Message))
	}
	return errors.Join(all...)
}
