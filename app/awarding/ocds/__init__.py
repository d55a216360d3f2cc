"""Open data 公开数据: a tender as OCDS 1.1 release and record packages."""
