"""Messages for each feature of a name comparison, in Chinese and English."""

from collections.abc import Mapping

from app.core.values.text import Text

DETAILS: Mapping[str, Text] = {
    "same_code": Text("统一社会信用代码相同", "the unified social credit codes are the same"),
    "code_unusable": Text("代码相同，但校验不通过", "the codes are the same, but fail their check"),
    "codes_differ": Text("双方代码均有效且不同", "both codes are valid and differ"),
    "same_name": Text("名称相同", "the names are the same"),
    "same_name_folded": Text("名称仅书写形式不同", "the names differ in spelling variants only"),
    "near_name": Text("名称仅差一字", "the names differ by one character"),
    "former_name": Text("与曾用名相符", "a former name is the same"),
    "same_core": Text("字号相同", "the core names are the same"),
    "core_sounds_alike": Text("字号读音相同", "the core names sound the same"),
    "core_looks_alike": Text("字号字形相近", "the core names look alike"),
    "core_swapped": Text("字号两字互换", "the two characters of the core name are swapped"),
    "core_edits_1": Text("字号差一处", "the core names are one edit apart"),
    "core_edits_2": Text("字号差两处", "the core names are two edits apart"),
    "place_same": Text("地域相同", "the places are the same"),
    "place_within": Text("地域存在包含关系", "one place lies within the other"),
    "place_missing": Text("一方未写明地域，或地域不明确", "one side names no place, or an uncertain one"),
    "place_missing_core_differs": Text(
        "一方未写明地域，且字号有差异", "one side names no place, and the core names differ"
    ),
    "place_differs": Text("地域不同", "the places differ"),
    "trade_same": Text("行业相同", "the trades are the same"),
    "trade_missing": Text("一方未写明行业", "one side names no trade"),
    "trade_related": Text("行业相近", "the trades are related"),
    "trade_differs": Text("行业不同", "the trades differ"),
    "form_same": Text("组织形式相同", "the legal forms are the same"),
    "form_missing": Text("一方未写明组织形式", "one side names no legal form"),
    "form_related": Text("组织形式相近", "the legal forms are of one kind"),
    "form_differs": Text("组织形式不同", "the legal forms differ"),
    "numbers_differ": Text("序号不同", "the numbers differ"),
}
