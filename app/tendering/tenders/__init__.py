"""Tenders 招标项目 and their lots 采购单元."""
