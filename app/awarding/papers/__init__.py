"""Papers for the procurement file 采购文件: sheets and reports that people print and sign, as PDF."""
