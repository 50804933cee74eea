// Package essentials holds what every deployment begins with, demo or not: the
// provinces and districts of Korea, the words that customers agree to, and the
// starting rulebook.
package essentials

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"time"

	"dure/domain/channel"
	"dure/domain/customer"
	"dure/domain/iq"
	"dure/domain/kst"
)

//go:embed regions.csv
var regions string

//go:embed districts.csv
var districts string

// always is the first day of what has held as long as anyone asks.
var always = kst.Date(1995, time.January, 1)

// Rulebook is the one that a deployment begins with.
func Rulebook() iq.Rulebook { return iq.Starting() }

// Regions are the provinces, those whose code has changed among them.
func Regions() []channel.Region {
	var out []channel.Region
	for _, cells := range rows("regions.csv", regions, 7) {
		band, err := strconv.Atoi(cells[6])
		if err != nil {
			panic(fmt.Sprintf("regions.csv: %s: %v", cells[0], err)) //nolint:forbidigo // the file is part of the program
		}
		out = append(out, channel.Region{
			Code: cells[0], Name: cells[1], NameEn: cells[2], SucceededBy: cells[5], DiscountBandBP: band,
			ValidFrom: day(cells[3], always), ValidUntil: day(cells[4], time.Time{}),
		})
	}
	return out
}

// Districts are the cities, counties and districts of every province.
func Districts() []channel.District {
	var out []channel.District
	for _, cells := range rows("districts.csv", districts, 5) {
		out = append(out, channel.District{
			Code: cells[0], RegionCode: cells[0][:2], Name: cells[1], SucceededBy: cells[4],
			ValidFrom: day(cells[2], always), ValidUntil: day(cells[3], time.Time{}),
		})
	}
	return out
}

// rows reads lines of comma-separated cells; those that begin with # are skipped.
// It panics on a line with another number of cells, because the files are part
// of the program.
func rows(name, file string, cells int) [][]string {
	var out [][]string
	for i, line := range strings.Split(strings.Trim(file, "\n"), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		row := strings.Split(line, ",")
		if len(row) != cells {
			panic(fmt.Sprintf("%s:%d: %d cells instead of %d", name, i+1, len(row), cells)) //nolint:forbidigo // the file is part of the program
		}
		out = append(out, row)
	}
	return out
}

// day reads the start of a business day; an empty one is missing.
func day(text string, missing time.Time) time.Time {
	if text == "" {
		return missing
	}
	at, err := kst.ParseDay(text)
	if err != nil {
		panic("essentials: " + err.Error()) //nolint:forbidigo // the day is part of the program
	}
	return at
}

// ConsentTexts are the first versions of what customers are asked to agree to.
func ConsentTexts() []customer.ConsentText {
	from := kst.Date(2020, time.January, 1)
	text := func(key string, purpose customer.Purpose, title, body string) customer.ConsentText {
		return customer.ConsentText{ID: key + "@1", Purpose: purpose, Version: 1, Title: title, Body: body, ValidFrom: from}
	}
	return []customer.ConsentText{
		text("personal-data", customer.PersonalData, "개인정보 수집과 이용 동의",
			"상담과 견적, 계약, 사후 서비스를 위해 이름, 연락처, 주소, 농장 정보를 수집합니다. 거래가 끝난 뒤 5년 동안 보관하고 지웁니다. "+
				"동의하지 않으실 수 있으며, 그때는 견적과 계약을 도와드릴 수 없습니다."),
		text("marketing", customer.Marketing, "소식과 혜택 안내 동의",
			"새 제품과 행사, 점검 시기를 문자와 전화로 알려 드립니다. 언제든지 거두실 수 있고, 동의하지 않으셔도 거래에는 아무 영향이 없습니다."),
		text("third-party", customer.ThirdParty, "제삼자 제공 동의",
			"고르신 금융사 또는 배송사에 심사와 배송에 필요한 계약 내용과 연락처를 드립니다. 받는 회사는 일을 마치고 법이 정한 기간이 지나면 지웁니다. "+
				"동의하지 않으시면 그 회사의 금융이나 배송을 쓸 수 없습니다."),
		text("contract-terms", customer.Contract, "매매 계약 약관",
			"1. 판매자는 약속한 날까지 계약서에 적힌 제품을 인도하고 사용법을 알려 드립니다. "+
				"2. 구매자는 계약서에 적힌 방법으로 대금을 냅니다. "+
				"3. 인도 전에는 서로 합의하여 계약을 취소할 수 있으며, 이미 든 비용은 잘못이 있는 쪽이 부담합니다. "+
				"4. 제품의 보증은 인도한 날부터 2년 또는 1,000시간 가운데 먼저 이르는 때까지입니다. "+
				"5. 이 계약서는 전자 서명으로 맺으며, 서명한 계약서는 언제든지 다시 볼 수 있습니다."),
	}
}
