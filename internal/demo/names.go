package demo

import (
	"fmt"

	"dure/domain/channel"
)

// People and firms are named by pattern.
var (
	surnames       = []string{"김", "이", "박", "최", "정", "강", "조", "윤", "장", "임", "한", "오", "서", "신", "권", "황", "안", "송", "전", "홍", "남궁", "선우"}
	surnameWeights = []float64{21, 15, 9, 5, 5, 3, 3, 2.5, 2.5, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 0.2, 0.1}

	elderFirst  = []string{"영", "정", "순", "옥", "병", "종", "덕", "춘", "만", "길", "복", "상", "광", "기"}
	elderSecond = []string{"자", "숙", "희", "순", "수", "호", "식", "철", "만", "례", "근", "구", "섭", "남"}
	youngFirst  = []string{"지", "민", "서", "현", "준", "은", "도", "하", "태", "성", "재", "승", "유", "예"}
	youngSecond = []string{"훈", "영", "우", "진", "아", "연", "호", "원", "석", "혁", "현", "빈", "경", "람"}

	shopWords = []string{"들녘", "한아름", "새벽", "풍년", "황금들", "온누리", "참흙", "봄들", "너른들", "이랑", "해오름", "물꼬", "두렁", "햇살", "가온", "큰들", "달구지", "새참"}
	farmWords = []string{"푸른", "참", "햇살", "다온", "이웃", "너른", "새봄", "정든", "한마음", "두메"}
	villages  = []string{"들말", "안골", "새터", "윗뜸", "솔재", "물안", "양지", "배나무골", "버들", "감나무골", "돌고개", "갯들"}
)

// Names that a narrow column must cope with.
const (
	longPerson = "남궁빛나라온누리"
	longShop   = "주식회사 지리산둘레길친환경농기계종합유통센터영농지원본부대리점"
	longFarm   = "농업회사법인 새만금간척지통합영농조합친환경쌀생산자협동주식회사"
)

// person returns a name; those of elders sound older.
func person(d dice, elder bool) string {
	first, second := youngFirst, youngSecond
	if elder {
		first, second = elderFirst, elderSecond
	}
	return surnames[d.weighted(surnameWeights)] + pick(d, first) + pick(d, second)
}

// businessNumber returns the nth invented registration number: the prefix 000
// was never issued, and the check digit is right.
func businessNumber(n int) string {
	var digits [9]int
	for i := 8; i >= 3; i-- {
		digits[i] = n % 10
		n /= 10
	}
	number := make([]byte, 0, len(digits)+1)
	for _, digit := range append(digits[:], channel.BusinessNumberCheckDigit(digits)) {
		number = append(number, byte('0'+digit))
	}
	return string(number)
}

// phone returns one of the ten thousand numbers 010-0000-xxxx.
func phone(n int) string { return fmt.Sprintf("010-0000-%04d", n%10_000) }
