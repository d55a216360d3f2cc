"""An empty roster template (花名册模板) for download: the importer's preferred headings, ID numbers as text."""

import io

_COLUMNS = (
    ("序号", 6), ("姓名", 12), ("身份证号码", 24), ("岗位", 14),
    ("用工形式", 12), ("合同起始日期", 14), ("合同终止日期", 14), ("社保缴纳单位", 34),
    ("社保起始年月", 14), ("社保截止年月", 14), ("社工证级别", 16), ("社工证管理号", 26), ("批准日期", 14), ("联系电话", 16),
)  # fmt: skip
_FORMS = ["全职", "兼职", "实习", "劳务派遣", "退休返聘"]
_LEVELS = ["助理社会工作师", "社会工作师", "高级社会工作师", "社会工作员"]
_LINES = 500


def roster_template() -> bytes:
    """Return the template as XLSX with text cells only, so that Excel does not truncate ID numbers."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("花名册")
        head, text = (
            book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1}),
            book.add_format({"num_format": "@"}),
        )
        for index, (label, width) in enumerate(_COLUMNS):
            sheet.set_column(index, index, width, text)
            sheet.write_string(0, index, label, head)
        sheet.data_validation(1, 4, _LINES, 4, {"validate": "list", "source": _FORMS})
        sheet.data_validation(1, 10, _LINES, 10, {"validate": "list", "source": _LEVELS})
        sheet.freeze_panes(1, 2)
    return buffer.getvalue()
