//! The elements of all files of the interface. Names, nesting and codes: domain-facts B4 to B6 (seen in
//! programs and in one terminal's file; the official text, 別紙3-1, is not public). What each kind of file
//! needs of them: [`crate::Kind`].

use crate::codes::{
    Answer, Class, Code, InsuredKind, Preschool, Prescription, ReasonOfLoss, Reference, Segment,
    Sex, Status, Validity,
};
use crate::consent::Consents;
use crate::cursor::Cursor;
use crate::element::Element;
use crate::error::{ParseError, WriteError};
use crate::name::InstitutionCode;
use crate::out::Out;
use crate::record::{Content, Field, Kept, Known, Record, record};
use crate::values::{
    Branch, CharacterCode, Day, InsurerNumber, Line, Moment, Percent, ReferenceNumber, Short,
};
use std::borrow::Cow;

record! {
    /// `XmlMsg`: a file.
    Message {
        header: Option<Header> = "MessageHeader" "ヘッダー",
        body: Option<Body> = "MessageBody" "ボディ",
    }
}

record! {
    /// `MessageHeader`.
    Header {
        executed_at: Option<Moment> = "ProcessExecutionTime" "処理実行日時",
        encoding: Option<CharacterCode> = "CharacterCodeIdentifier" "文字コード識別",
        segment: Option<Segment> = "SegmentOfResult" "処理結果区分",
        error_code: Option<Short> = "ErrorCode" "エラーコード",
        error_message: Option<Line> = "ErrorMessage" "エラーメッセージ",
        confirmed_on: Option<Day> = "QualificationConfirmationDate" "資格確認日"
            "the day in Japan for which is asked or answered",
        reference: Option<Reference> = "ReferenceClassification" "照会区分",
        file_identifier: Option<Line> = "ArbitraryFileIdentifier" "任意のファイル識別子",
        institution: Option<InstitutionCode> = "MedicalInstitutionCode" "医療機関コード",
        reception_number: Option<Line> = "ReceptionNumber" "受付番号" "of a bulk request",
        results: Option<u32> = "NumberOfProcessingResult" "処理結果件数",
        results_done: Option<u32> = "NumberOfNormalProcessing" "正常終了件数",
        results_wrong: Option<u32> = "NumberOfError" "エラー件数",
    }
}

record! {
    /// `MessageBody`.
    Body {
        searches: Vec<SearchInfo> = "QualificationConfirmSearchInfo" "資格確認照会用情報"
            "one, several in a bulk request, repeated in a result",
        registration: Option<Registration> =
            "ReferenceNumberRegistrationInfo" "照会番号登録情報"
            "of `OQSsiimm01`; seen in `MynaReception` only",
        reception_number: Option<Line> = "ReceptionNumber" "受付番号" "of a bulk request",
        prescription: Option<Prescription> = "PrescriptionIssueSelect" "処方箋発行形態",
        results: Option<ResultList> = "ResultList" "資格確認結果リスト",
        units: Vec<BulkUnit> = "BulkConfirmUnit" "一括照会結果" "each about one person",
        status: Option<Status> = "ProcessingResultStatus" "処理結果状況",
        code: Option<Short> = "ProcessingResultCode" "処理結果コード"
            "an error, or a notice such as an end of the certificate within 3 months",
        message: Option<Line> = "ProcessingResultMessage" "処理結果メッセージ",
        validity: Option<Validity> = "QualificationValidity" "資格有効性",
    }
}

record! {
    /// `QualificationConfirmSearchInfo`: about whom is asked.
    SearchInfo {
        insurer_number: Option<InsurerNumber> = "InsurerNumber" "保険者番号",
        symbol: Option<Short> = "InsuredCardSymbol" "被保険者証記号",
        number: Option<Short> = "InsuredIdentificationNumber" "被保険者証番号",
        branch: Option<Branch> = "InsuredBranchNumber" "被保険者証枝番"
            "none in 後期高齢者医療",
        birth: Option<Day> = "Birthdate" "生年月日",
        limit_certificate: Option<Answer> =
            "LimitApplicationCertificateRelatedConsFlg" "限度額適用認定証提供同意フラグ",
        identifier: Option<Line> = "ArbitraryIdentifier" "任意の識別子" "comes back in the result",
    }
}

record! {
    /// `ReferenceNumberRegistrationInfo`: a chart number (照会番号) for an insured person.
    Registration {
        reference_number: Option<ReferenceNumber> = "ReferenceNumber" "照会番号",
        insurer_number: Option<InsurerNumber> = "InsurerNumber" "保険者番号",
        symbol: Option<Short> = "InsuredCardSymbol" "被保険者証記号",
        number: Option<Short> = "InsuredIdentificationNumber" "被保険者証番号",
        branch: Option<Branch> = "InsuredBranchNumber" "被保険者証枝番",
    }
}

record! {
    /// `BulkConfirmUnit`: what a bulk result says about one person.
    BulkUnit {
        search: Option<SearchInfo> = "QualificationConfirmSearchInfo" "資格確認照会用情報",
        status: Option<Status> = "ProcessingResultStatus" "処理結果状況",
        code: Option<Short> = "ProcessingResultCode" "処理結果コード",
        message: Option<Line> = "ProcessingResultMessage" "処理結果メッセージ",
        validity: Option<Validity> = "QualificationValidity" "資格有効性",
        results: Vec<ResultOfQualification> = "ResultOfQualificationConfirmation" "資格確認結果",
        list: Option<ResultList> = "ResultList" "資格確認結果リスト"
            "not seen in a bulk result, but in single ones",
        reference_number: Option<ReferenceNumber> = "ReferenceNumber" "照会番号",
    }
}

record! {
    /// `ResultList`: newest first.
    ResultList {
        results: Vec<ResultOfQualification> = "ResultOfQualificationConfirmation" "資格確認結果",
    }
}

record! {
    /// `ResultOfQualificationConfirmation`: one qualification. The order is that of two programs' tables;
    /// terminals write any.
    ResultOfQualification {
        class: Option<Class> = "InsuredCardClassification" "被保険者証区分",
        insurer_number: Option<InsurerNumber> = "InsurerNumber" "保険者番号"
            "may be missing in 医療扶助",
        symbol: Option<Short> = "InsuredCardSymbol" "被保険者証記号",
        number: Option<Short> = "InsuredIdentificationNumber" "被保険者証番号",
        branch: Option<Branch> = "InsuredBranchNumber" "被保険者証枝番"
            "none in 後期高齢者医療",
        kind: Option<InsuredKind> = "PersonalFamilyClassification" "本人・家族の別",
        insured_name: Option<Line> = "InsuredName" "被保険者氏名（世帯主氏名）",
        name: Option<Line> = "Name" "氏名"
            "full width, `●` where a character is lost",
        name_of_other: Option<Line> = "NameOfOther" "氏名（その他）",
        name_kana: Option<Line> = "NameKana" "氏名カナ" "half width",
        name_of_other_kana: Option<Line> = "NameOfOtherKana" "氏名カナ（その他）",
        sex: Option<Sex> = "Sex1" "性別1",
        sex_on_card: Option<Sex> = "Sex2" "性別2"
            "where the card's front is to show another one",
        birth: Option<Day> = "Birthdate" "生年月日",
        address: Option<Line> = "Address" "住所",
        post_number: Option<Short> = "PostNumber" "郵便番号",
        qualified_on: Option<Day> = "QualificationDate" "資格取得年月日",
        lost_on: Option<Day> = "DisqualificationDate" "資格喪失年月日",
        issued_on: Option<Day> = "InsuredCertificateIssuanceDate" "被保険者証交付年月日",
        valid_from: Option<Day> = "InsuredCardValidDate" "被保険者証有効開始年月日",
        valid_to: Option<Day> = "InsuredCardExpirationDate" "被保険者証有効終了年月日",
        share: Option<Percent> = "InsuredPartialContributionRatio" "被保険者証一部負担金割合"
            "of 後期高齢者医療 (domain-facts G1)",
        preschool: Option<Preschool> = "PreschoolClassification" "未就学区分",
        reason_of_loss: Option<ReasonOfLoss> = "ReasonOfLoss" "資格喪失事由",
        insurer_name: Option<Line> = "InsurerName" "保険者名称",
        elderly_recipient: Option<ElderlyRecipient> =
            "ElderlyRecipientCertificateInfo" "高齢受給者証情報"
            "the share from 70 to 74 outside of 後期高齢者医療 (domain-facts G1)",
        limit_certificate: Option<LimitCertificate> =
            "LimitApplicationCertificateRelatedInfo" "限度額適用認定証関連情報",
        specific_diseases: Option<SpecificDiseases> =
            "SpecificDiseasesCertificateList" "特定疾病療養受療証情報リスト",
        public_expense: Option<PublicExpense> =
            "PublicExpenseResultList" "医療扶助資格確認結果リスト",
        reference_number: Option<ReferenceNumber> = "ReferenceNumber" "照会番号"
            "the clinic's own number of the patient",
        identifier: Option<Line> = "ArbitraryIdentifier" "任意の識別子",
        .. /// `…ConsFlg`, `…ConsTime` and `…AvailableTime` of any item.
        consents: Consents,
    }
}

record! {
    /// `ElderlyRecipientCertificateInfo`: 高齢受給者証.
    ElderlyRecipient {
        issued_on: Option<Day> = "ElderlyRecipientCertificateDate" "高齢受給者証交付年月日",
        valid_from: Option<Day> = "ElderlyRecipientValidStartDate" "高齢受給者証有効開始年月日",
        valid_to: Option<Day> = "ElderlyRecipientValidEndDate" "高齢受給者証有効終了年月日",
        share: Option<Percent> = "ElderlyRecipientContributionRatio" "高齢受給者証一部負担金割合",
    }
}

record! {
    /// `LimitApplicationCertificateRelatedInfo`: 限度額適用認定証. Its codes: [`checkin::limit`].
    LimitCertificate {
        class: Option<Code> = "LimitApplicationCertificateClassification" "限度額適用認定証区分",
        category: Option<Code> =
            "LimitApplicationCertificateClassificationFlag" "限度額適用認定証適用区分",
        issued_on: Option<Day> =
            "LimitApplicationCertificateDate" "限度額適用認定証交付年月日",
        valid_from: Option<Day> =
            "LimitApplicationCertificateValidStartDate" "限度額適用認定証有効開始年月日",
        valid_to: Option<Day> =
            "LimitApplicationCertificateValidEndDate" "限度額適用認定証有効終了年月日",
        long_term_from: Option<Day> =
            "LimitApplicationCertificateLongTermDate" "限度額適用認定証長期入院該当年月日",
    }
}

record! {
    /// `SpecificDiseasesCertificateList`: 特定疾病療養受療証.
    SpecificDiseases {
        certificates: Vec<SpecificDisease> =
            "SpecificDiseasesCertificateInfo" "特定疾病療養受療証情報",
    }
}

record! {
    /// `SpecificDiseasesCertificateInfo`: one of them.
    SpecificDisease {
        disease: Option<Code> =
            "SpecificDiseasesDiseaseCategory" "特定疾病療養受療証認定疾病区分"
            "1, 2 or 3; what they mean is not public",
        issued_on: Option<Day> =
            "SpecificDiseasesCertificateDate" "特定疾病療養受療証交付年月日",
        valid_from: Option<Day> =
            "SpecificDiseasesValidStartDate" "特定疾病療養受療証有効開始年月日",
        valid_to: Option<Day> =
            "SpecificDiseasesValidEndDate" "特定疾病療養受療証有効終了年月日",
        self_pay: Option<Short> =
            "SpecificDiseasesSelfPay" "特定疾病療養受療証自己負担限度額",
    }
}

record! {
    /// `PublicExpenseResultList`: 医療扶助, one or several 医療券・調剤券.
    PublicExpense {
        tickets: Vec<MedicalTicket> = "MedicalTicketInfo" "医療券・調剤券情報",
    }
}

record! {
    /// `MedicalTicketInfo`: 医療券 or 調剤券. Names seen in two programs; what the values mean is not public,
    /// so they stay text.
    MedicalTicket {
        kind: Option<Line> = "TicketType" "医療券・調剤券別",
        valid_from: Option<Line> = "MedicalTicketValidDate" "医療券・調剤券有効開始年月日",
        valid_to: Option<Line> = "MedicalTicketExpirationDate" "医療券・調剤券有効終了年月日",
        issue_number: Option<Line> = "IssueNumber" "交付番号",
        month: Option<Line> = "MedicalTreatmentMonth" "診療年月",
        institution: Option<Line> = "DesignatedMedicalInstitutionCode" "指定医療機関コード",
        institution_flag: Option<Line> =
            "DesignatedMedicalInstitutionFlag" "指定医療機関確認フラグ",
        institution_name: Option<Line> = "DesignatedMedicalInstitutionName" "指定医療機関名",
        prescriber: Option<Line> =
            "PrescriptionIssuerMedicalInstitutionCode" "処方箋発行元医療機関コード",
        prescriber_name: Option<Line> =
            "PrescriptionIssuerMedicalInstitutionName" "処方箋発行元医療機関名",
        injury_1: Option<Line> = "InjuryName1" "傷病名1",
        injury_2: Option<Line> = "InjuryName2" "傷病名2",
        injury_3: Option<Line> = "InjuryName3" "傷病名3",
        treatment: Option<Line> = "MedicalTreatmentType" "診療別",
        self_pay: Option<Line> = "SelfPayAmount" "本人支払額（自己負担額）",
        district_contact: Option<Line> = "DistrictContactName" "地区担当員名",
        handling_contact: Option<Line> = "HandlingContactName" "取扱担当者名",
        combined_use: Option<Line> = "SingleOrCombinedUse" "単独・併用別",
        social_insurance: Option<Line> = "StatusOfSocialInsurance" "社会保険状況",
        consistency: Option<Line> = "ConsistencyFlag" "社会保険状況の整合性フラグ",
        infection: Option<Line> = "StatusOfInfecton" "感染症法第37条の2の該当状況"
            "spelt so in programs",
        elderly: Option<Line> = "StatusOfElderlyMedicalCare" "後期高齢者医療の該当状況",
        prefecture: Option<Line> = "StatusOfPrefecturalExpenses" "都道府県費の該当状況",
        remarks_1: Option<Line> = "Remarks1" "備考1",
        remarks_2: Option<Line> = "Remarks2" "備考2",
        remarks_3: Option<Line> = "Remarks3" "備考3",
    }
}

/// Every element that is known by name, of all records.
const KNOWN: [&[Known]; 14] = [
    Message::CHILDREN,
    Header::CHILDREN,
    Body::CHILDREN,
    SearchInfo::CHILDREN,
    Registration::CHILDREN,
    BulkUnit::CHILDREN,
    ResultList::CHILDREN,
    ResultOfQualification::CHILDREN,
    ElderlyRecipient::CHILDREN,
    LimitCertificate::CHILDREN,
    SpecificDiseases::CHILDREN,
    SpecificDisease::CHILDREN,
    PublicExpense::CHILDREN,
    MedicalTicket::CHILDREN,
];

/// Every element that is known by name, in the order of the interface; some stand in several places.
pub fn known() -> impl Iterator<Item = &'static Known> {
    KNOWN.iter().flat_map(|record| record.iter())
}

impl Message {
    /// All its qualifications, of one person or several.
    pub fn results(&self) -> impl Iterator<Item = &ResultOfQualification> {
        let body = self.body.iter();
        body.flat_map(|body| {
            let list = body.results.iter().flat_map(|list| &list.results);
            list.chain(body.units.iter().flat_map(BulkUnit::results))
        })
    }
}

impl BulkUnit {
    /// The qualifications of this person.
    pub fn results(&self) -> impl Iterator<Item = &ResultOfQualification> {
        self.results.iter().chain(self.list.iter().flat_map(|list| &list.results))
    }
}
