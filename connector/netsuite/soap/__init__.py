"""The door to NetSuite by SOAP: the only package that knows SOAP, to be followed by one for REST."""

from connector.netsuite.soap.door import SoapGateway

__all__ = ["SoapGateway"]
