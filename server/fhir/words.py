"""Names that FHIR R4 gives to what our worksheets have, and our own for what it has no name for."""

HL7 = "http://hl7.org/fhir/StructureDefinition/"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/"
ITEM_CONTROL = f"{HL7}questionnaire-itemControl"
ITEM_CONTROLS = "http://hl7.org/fhir/questionnaire-item-control"
MIN_VALUE = f"{HL7}minValue"
MAX_VALUE = f"{HL7}maxValue"
SLIDER_STEP = f"{HL7}questionnaire-sliderStepValue"
UNIT = f"{HL7}questionnaire-unit"
UNIT_OPTION = f"{HL7}questionnaire-unitOption"
ORDINAL = f"{HL7}ordinalValue"
ITEM_WEIGHT = f"{HL7}itemWeight"  # what later versions call the same
MIN_OCCURS = f"{HL7}questionnaire-minOccurs"
MAX_OCCURS = f"{HL7}questionnaire-maxOccurs"
HIDDEN = f"{HL7}questionnaire-hidden"
UCUM = "http://unitsofmeasure.org"

OURS = "urn:meantime:worksheet:"  # address of a worksheet, with its id; of an extension, with the word it stands for
ABSENT = f"{OURS}absent"  # words that FHIR's form says and the worksheet does not

# What would change what is asked or answered, and that we do not work out: refused, wherever it stands.
REFUSED_EXTENSIONS = {
    f"{SDC}sdc-questionnaire-calculatedExpression": "its answer is calculated",
    f"{SDC}sdc-questionnaire-initialExpression": "its first answer is calculated",
    f"{SDC}sdc-questionnaire-enableWhenExpression": "whether it shows is calculated",
    f"{SDC}sdc-questionnaire-answerExpression": "its options are calculated",
    f"{SDC}sdc-questionnaire-candidateExpression": "its options are calculated",
    f"{SDC}sdc-questionnaire-contextExpression": "its options are calculated",
    f"{SDC}sdc-questionnaire-itemPopulationContext": "its answers are filled in from elsewhere",
    f"{SDC}sdc-questionnaire-answerOptionsToggleExpression": "its options are calculated",
    f"{SDC}sdc-questionnaire-minQuantity": "its least value is a quantity",
    f"{SDC}sdc-questionnaire-maxQuantity": "its greatest value is a quantity",
    f"{SDC}sdc-questionnaire-unitOpen": "its unit is chosen by who answers",
    f"{SDC}sdc-questionnaire-subQuestionnaire": "its questions are in another questionnaire",
    f"{HL7}variable": "it works with variables",
    f"{HL7}cqf-calculatedValue": "its value is calculated",
    f"{HL7}cqf-expression": "it is calculated",
    f"{HL7}questionnaire-unitValueSet": "its unit is chosen by who answers",
    f"{HL7}questionnaire-fhirType": "it asks for a data type of FHIR",
    f"{HL7}questionnaire-referenceResource": "it asks for a reference",
    f"{HL7}mimeType": "it asks for a file",
    f"{HL7}maxSize": "it asks for a file",
}
