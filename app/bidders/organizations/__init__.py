"""Organizations and their dated registrations 登记."""
