/* Keys made with openssl for these tests alone, some of them damaged afterwards. They protect nothing. */
#ifndef CRTLINT_TEST_DATA_KEYS_H
#define CRTLINT_TEST_DATA_KEYS_H

#define RSA_PKCS8 \
	"-----BEGIN PRIVATE KEY-----\n" \
	"MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBANT8ClME7of/GxXS\n" \
	"mpRHw9zbzzKL+ekfY71appJZRWXu4F5qfErA3QXKVxZgRJejknWJDUVIjAFuoFo+\n" \
	"CKL0OzE/aGGIjsOcB6d2SiCqAl+iR+tH7NV0C1RICcBY6Vs2KJLntEH3+yhGfR4F\n" \
	"9z86kSfKmr75q/61Vu0bxR3qzBVlAgMBAAECgYA/1H1fnhXCqkC6zJBJKizX7wRs\n" \
	"uKigJiklIZrUN27l+q5BfZZcbOqQhrCM4zMLYxlMolNY1UIoV7g082xxMdLfBpRr\n" \
	"gr1Gzohb4sscR8Oqz8oIAl2wO2Lk9wXEKUw3Pl4uCvPbmlJw0UX9WjN3d1faN5Zo\n" \
	"NgfsFmTBk8zWxZPCgQJBAOp0VpwYaZqX/UlgjxRCqVTB3FbczWUJaNq13npma7GX\n" \
	"zHK2AV2RswMRsXwHKpHytyV+wosrzK+p4uhatlH9c6ECQQDojpx4yee58Vjhch/g\n" \
	"2ep4yRGOaZsorsjSrui5ZhxIKR+y5IrKRabmgMdKswwIXLqAry5ilgNAkL5WAJm/\n" \
	"BAtFAkBydceOv1BXG9qZBx3y+zRl35rtgTB5IiXhmKZ7xSLQedZjLj3ua2Iknm+y\n" \
	"qGD9DayiDod1oDV2kQ7o9thJoN3hAkBOaS9G5sTUBBU0xncLKE6PdTQPMXpYSD58\n" \
	"Eu9y+4PTrNH8TmSheMSieY84l5AaDbHwi6B3Kx9jmKokc0Vji2iFAkEAod6LNvvB\n" \
	"uiK3/NsDr6F14/QKUVh9CG/Fd259VqFJFcoSVPNtAZyQT97RER/6dGcFYfYkhGKs\n" \
	"RUhez+KFIktTmA==\n" \
	"-----END PRIVATE KEY-----\n"
#define RSA_PKCS1 \
	"-----BEGIN RSA PRIVATE KEY-----\n" \
	"MIICXAIBAAKBgQDU/ApTBO6H/xsV0pqUR8Pc288yi/npH2O9WqaSWUVl7uBeanxK\n" \
	"wN0FylcWYESXo5J1iQ1FSIwBbqBaPgii9DsxP2hhiI7DnAendkogqgJfokfrR+zV\n" \
	"dAtUSAnAWOlbNiiS57RB9/soRn0eBfc/OpEnypq++av+tVbtG8Ud6swVZQIDAQAB\n" \
	"AoGAP9R9X54VwqpAusyQSSos1+8EbLiooCYpJSGa1Ddu5fquQX2WXGzqkIawjOMz\n" \
	"C2MZTKJTWNVCKFe4NPNscTHS3waUa4K9Rs6IW+LLHEfDqs/KCAJdsDti5PcFxClM\n" \
	"Nz5eLgrz25pScNFF/Vozd3dX2jeWaDYH7BZkwZPM1sWTwoECQQDqdFacGGmal/1J\n" \
	"YI8UQqlUwdxW3M1lCWjatd56Zmuxl8xytgFdkbMDEbF8ByqR8rclfsKLK8yvqeLo\n" \
	"WrZR/XOhAkEA6I6ceMnnufFY4XIf4NnqeMkRjmmbKK7I0q7ouWYcSCkfsuSKykWm\n" \
	"5oDHSrMMCFy6gK8uYpYDQJC+VgCZvwQLRQJAcnXHjr9QVxvamQcd8vs0Zd+a7YEw\n" \
	"eSIl4Zime8Ui0HnWYy497mtiJJ5vsqhg/Q2sog6HdaA1dpEO6PbYSaDd4QJATmkv\n" \
	"RubE1AQVNMZ3CyhOj3U0DzF6WEg+fBLvcvuD06zR/E5koXjEonmPOJeQGg2x8Iug\n" \
	"dysfY5iqJHNFY4tohQJBAKHeizb7wboit/zbA6+hdeP0ClFYfQhvxXdufVahSRXK\n" \
	"ElTzbQGckE/e0REf+nRnBWH2JIRirEVIXs/ihSJLU5g=\n" \
	"-----END RSA PRIVATE KEY-----\n"
#define RSA_BAD_D \
	"-----BEGIN RSA PRIVATE KEY-----\n" \
	"MIICXAIBAAKBgQDU/ApTBO6H/xsV0pqUR8Pc288yi/npH2O9WqaSWUVl7uBeanxK\n" \
	"wN0FylcWYESXo5J1iQ1FSIwBbqBaPgii9DsxP2hhiI7DnAendkogqgJfokfrR+zV\n" \
	"dAtUSAnAWOlbNiiS57RB9/soRn0eBfc/OpEnypq++av+tVbtG8Ud6swVZQIDAQAB\n" \
	"AoGAP9R9X54VwqpAusyQSSos1+8EbLiooCYpJSGa1Ddu5fquQX2WXGzqkIawjOMz\n" \
	"C2MZTKJTWNVCKFe4NPNscTHS3waUa4K9Rs6IW+LLHEfDqs/KCAJdsDti5PcFxClM\n" \
	"Nz5eLgrz25pScNFF/Vozd3dX2jeWaDYH7BZkwZPM1sWTwoMCQQDqdFacGGmal/1J\n" \
	"YI8UQqlUwdxW3M1lCWjatd56Zmuxl8xytgFdkbMDEbF8ByqR8rclfsKLK8yvqeLo\n" \
	"WrZR/XOhAkEA6I6ceMnnufFY4XIf4NnqeMkRjmmbKK7I0q7ouWYcSCkfsuSKykWm\n" \
	"5oDHSrMMCFy6gK8uYpYDQJC+VgCZvwQLRQJAcnXHjr9QVxvamQcd8vs0Zd+a7YEw\n" \
	"eSIl4Zime8Ui0HnWYy497mtiJJ5vsqhg/Q2sog6HdaA1dpEO6PbYSaDd4QJATmkv\n" \
	"RubE1AQVNMZ3CyhOj3U0DzF6WEg+fBLvcvuD06zR/E5koXjEonmPOJeQGg2x8Iug\n" \
	"dysfY5iqJHNFY4tohQJBAKHeizb7wboit/zbA6+hdeP0ClFYfQhvxXdufVahSRXK\n" \
	"ElTzbQGckE/e0REf+nRnBWH2JIRirEVIXs/ihSJLU5g=\n" \
	"-----END RSA PRIVATE KEY-----\n"
#define RSA_BAD_P \
	"-----BEGIN RSA PRIVATE KEY-----\n" \
	"MIICXAIBAAKBgQDU/ApTBO6H/xsV0pqUR8Pc288yi/npH2O9WqaSWUVl7uBeanxK\n" \
	"wN0FylcWYESXo5J1iQ1FSIwBbqBaPgii9DsxP2hhiI7DnAendkogqgJfokfrR+zV\n" \
	"dAtUSAnAWOlbNiiS57RB9/soRn0eBfc/OpEnypq++av+tVbtG8Ud6swVZQIDAQAB\n" \
	"AoGAP9R9X54VwqpAusyQSSos1+8EbLiooCYpJSGa1Ddu5fquQX2WXGzqkIawjOMz\n" \
	"C2MZTKJTWNVCKFe4NPNscTHS3waUa4K9Rs6IW+LLHEfDqs/KCAJdsDti5PcFxClM\n" \
	"Nz5eLgrz25pScNFF/Vozd3dX2jeWaDYH7BZkwZPM1sWTwoECQQDqdFacGGmal/1J\n" \
	"YI8UQqlUwdxW3M1lCWjatd56Zmuxl8xytgFdkbMDEbF8ByqR8rclfsKLK8yvqeLo\n" \
	"WrZR/XOjAkEA6I6ceMnnufFY4XIf4NnqeMkRjmmbKK7I0q7ouWYcSCkfsuSKykWm\n" \
	"5oDHSrMMCFy6gK8uYpYDQJC+VgCZvwQLRQJAcnXHjr9QVxvamQcd8vs0Zd+a7YEw\n" \
	"eSIl4Zime8Ui0HnWYy497mtiJJ5vsqhg/Q2sog6HdaA1dpEO6PbYSaDd4QJATmkv\n" \
	"RubE1AQVNMZ3CyhOj3U0DzF6WEg+fBLvcvuD06zR/E5koXjEonmPOJeQGg2x8Iug\n" \
	"dysfY5iqJHNFY4tohQJBAKHeizb7wboit/zbA6+hdeP0ClFYfQhvxXdufVahSRXK\n" \
	"ElTzbQGckE/e0REf+nRnBWH2JIRirEVIXs/ihSJLU5g=\n" \
	"-----END RSA PRIVATE KEY-----\n"
#define RSA_BAD_DP \
	"-----BEGIN RSA PRIVATE KEY-----\n" \
	"MIICXAIBAAKBgQDU/ApTBO6H/xsV0pqUR8Pc288yi/npH2O9WqaSWUVl7uBeanxK\n" \
	"wN0FylcWYESXo5J1iQ1FSIwBbqBaPgii9DsxP2hhiI7DnAendkogqgJfokfrR+zV\n" \
	"dAtUSAnAWOlbNiiS57RB9/soRn0eBfc/OpEnypq++av+tVbtG8Ud6swVZQIDAQAB\n" \
	"AoGAP9R9X54VwqpAusyQSSos1+8EbLiooCYpJSGa1Ddu5fquQX2WXGzqkIawjOMz\n" \
	"C2MZTKJTWNVCKFe4NPNscTHS3waUa4K9Rs6IW+LLHEfDqs/KCAJdsDti5PcFxClM\n" \
	"Nz5eLgrz25pScNFF/Vozd3dX2jeWaDYH7BZkwZPM1sWTwoECQQDqdFacGGmal/1J\n" \
	"YI8UQqlUwdxW3M1lCWjatd56Zmuxl8xytgFdkbMDEbF8ByqR8rclfsKLK8yvqeLo\n" \
	"WrZR/XOhAkEA6I6ceMnnufFY4XIf4NnqeMkRjmmbKK7I0q7ouWYcSCkfsuSKykWm\n" \
	"5oDHSrMMCFy6gK8uYpYDQJC+VgCZvwQLRQJAcnXHjr9QVxvamQcd8vs0Zd+a7YEw\n" \
	"eSIl4Zime8Ui0HnWYy497mtiJJ5vsqhg/Q2sog6HdaA1dpEO6PbYSaDd4wJATmkv\n" \
	"RubE1AQVNMZ3CyhOj3U0DzF6WEg+fBLvcvuD06zR/E5koXjEonmPOJeQGg2x8Iug\n" \
	"dysfY5iqJHNFY4tohQJBAKHeizb7wboit/zbA6+hdeP0ClFYfQhvxXdufVahSRXK\n" \
	"ElTzbQGckE/e0REf+nRnBWH2JIRirEVIXs/ihSJLU5g=\n" \
	"-----END RSA PRIVATE KEY-----\n"
#define RSA_BAD_QINV \
	"-----BEGIN RSA PRIVATE KEY-----\n" \
	"MIICXAIBAAKBgQDU/ApTBO6H/xsV0pqUR8Pc288yi/npH2O9WqaSWUVl7uBeanxK\n" \
	"wN0FylcWYESXo5J1iQ1FSIwBbqBaPgii9DsxP2hhiI7DnAendkogqgJfokfrR+zV\n" \
	"dAtUSAnAWOlbNiiS57RB9/soRn0eBfc/OpEnypq++av+tVbtG8Ud6swVZQIDAQAB\n" \
	"AoGAP9R9X54VwqpAusyQSSos1+8EbLiooCYpJSGa1Ddu5fquQX2WXGzqkIawjOMz\n" \
	"C2MZTKJTWNVCKFe4NPNscTHS3waUa4K9Rs6IW+LLHEfDqs/KCAJdsDti5PcFxClM\n" \
	"Nz5eLgrz25pScNFF/Vozd3dX2jeWaDYH7BZkwZPM1sWTwoECQQDqdFacGGmal/1J\n" \
	"YI8UQqlUwdxW3M1lCWjatd56Zmuxl8xytgFdkbMDEbF8ByqR8rclfsKLK8yvqeLo\n" \
	"WrZR/XOhAkEA6I6ceMnnufFY4XIf4NnqeMkRjmmbKK7I0q7ouWYcSCkfsuSKykWm\n" \
	"5oDHSrMMCFy6gK8uYpYDQJC+VgCZvwQLRQJAcnXHjr9QVxvamQcd8vs0Zd+a7YEw\n" \
	"eSIl4Zime8Ui0HnWYy497mtiJJ5vsqhg/Q2sog6HdaA1dpEO6PbYSaDd4QJATmkv\n" \
	"RubE1AQVNMZ3CyhOj3U0DzF6WEg+fBLvcvuD06zR/E5koXjEonmPOJeQGg2x8Iug\n" \
	"dysfY5iqJHNFY4tohQJBAKHeizb7wboit/zbA6+hdeP0ClFYfQhvxXdufVahSRXK\n" \
	"ElTzbQGckE/e0REf+nRnBWH2JIRirEVIXs/ihSJLU5o=\n" \
	"-----END RSA PRIVATE KEY-----\n"
#define RSA_BAD_N \
	"-----BEGIN RSA PRIVATE KEY-----\n" \
	"MIICXAIBAAKBgQDU/ApTBO6H/xsV0pqUR8Pc288yi/npH2O9WqaSWUVl7uBeanxK\n" \
	"wN0FylcWYESXo5J1iQ1FSIwBbqBaPgii9DsxP2hhiI7DnAendkogqgJfokfrR+zV\n" \
	"dAtUSAnAWOlbNiiS57RB9/soRn0eBfc/OpEnypq++av+tVbtG8Ud6swVZwIDAQAB\n" \
	"AoGAP9R9X54VwqpAusyQSSos1+8EbLiooCYpJSGa1Ddu5fquQX2WXGzqkIawjOMz\n" \
	"C2MZTKJTWNVCKFe4NPNscTHS3waUa4K9Rs6IW+LLHEfDqs/KCAJdsDti5PcFxClM\n" \
	"Nz5eLgrz25pScNFF/Vozd3dX2jeWaDYH7BZkwZPM1sWTwoECQQDqdFacGGmal/1J\n" \
	"YI8UQqlUwdxW3M1lCWjatd56Zmuxl8xytgFdkbMDEbF8ByqR8rclfsKLK8yvqeLo\n" \
	"WrZR/XOhAkEA6I6ceMnnufFY4XIf4NnqeMkRjmmbKK7I0q7ouWYcSCkfsuSKykWm\n" \
	"5oDHSrMMCFy6gK8uYpYDQJC+VgCZvwQLRQJAcnXHjr9QVxvamQcd8vs0Zd+a7YEw\n" \
	"eSIl4Zime8Ui0HnWYy497mtiJJ5vsqhg/Q2sog6HdaA1dpEO6PbYSaDd4QJATmkv\n" \
	"RubE1AQVNMZ3CyhOj3U0DzF6WEg+fBLvcvuD06zR/E5koXjEonmPOJeQGg2x8Iug\n" \
	"dysfY5iqJHNFY4tohQJBAKHeizb7wboit/zbA6+hdeP0ClFYfQhvxXdufVahSRXK\n" \
	"ElTzbQGckE/e0REf+nRnBWH2JIRirEVIXs/ihSJLU5g=\n" \
	"-----END RSA PRIVATE KEY-----\n"
#define RSA_NO_CRT \
	"-----BEGIN RSA PRIVATE KEY-----\n" \
	"MIIBlQIBAAKBgQDU/ApTBO6H/xsV0pqUR8Pc288yi/npH2O9WqaSWUVl7uBeanxK\n" \
	"wN0FylcWYESXo5J1iQ1FSIwBbqBaPgii9DsxP2hhiI7DnAendkogqgJfokfrR+zV\n" \
	"dAtUSAnAWOlbNiiS57RB9/soRn0eBfc/OpEnypq++av+tVbtG8Ud6swVZQIDAQAB\n" \
	"AoGAP9R9X54VwqpAusyQSSos1+8EbLiooCYpJSGa1Ddu5fquQX2WXGzqkIawjOMz\n" \
	"C2MZTKJTWNVCKFe4NPNscTHS3waUa4K9Rs6IW+LLHEfDqs/KCAJdsDti5PcFxClM\n" \
	"Nz5eLgrz25pScNFF/Vozd3dX2jeWaDYH7BZkwZPM1sWTwoECQQDqdFacGGmal/1J\n" \
	"YI8UQqlUwdxW3M1lCWjatd56Zmuxl8xytgFdkbMDEbF8ByqR8rclfsKLK8yvqeLo\n" \
	"WrZR/XOhAkEA6I6ceMnnufFY4XIf4NnqeMkRjmmbKK7I0q7ouWYcSCkfsuSKykWm\n" \
	"5oDHSrMMCFy6gK8uYpYDQJC+VgCZvwQLRQ==\n" \
	"-----END RSA PRIVATE KEY-----\n"
#define RSA_VERSION_2 \
	"-----BEGIN RSA PRIVATE KEY-----\n" \
	"MIICXAIBAgKBgQDU/ApTBO6H/xsV0pqUR8Pc288yi/npH2O9WqaSWUVl7uBeanxK\n" \
	"wN0FylcWYESXo5J1iQ1FSIwBbqBaPgii9DsxP2hhiI7DnAendkogqgJfokfrR+zV\n" \
	"dAtUSAnAWOlbNiiS57RB9/soRn0eBfc/OpEnypq++av+tVbtG8Ud6swVZQIDAQAB\n" \
	"AoGAP9R9X54VwqpAusyQSSos1+8EbLiooCYpJSGa1Ddu5fquQX2WXGzqkIawjOMz\n" \
	"C2MZTKJTWNVCKFe4NPNscTHS3waUa4K9Rs6IW+LLHEfDqs/KCAJdsDti5PcFxClM\n" \
	"Nz5eLgrz25pScNFF/Vozd3dX2jeWaDYH7BZkwZPM1sWTwoECQQDqdFacGGmal/1J\n" \
	"YI8UQqlUwdxW3M1lCWjatd56Zmuxl8xytgFdkbMDEbF8ByqR8rclfsKLK8yvqeLo\n" \
	"WrZR/XOhAkEA6I6ceMnnufFY4XIf4NnqeMkRjmmbKK7I0q7ouWYcSCkfsuSKykWm\n" \
	"5oDHSrMMCFy6gK8uYpYDQJC+VgCZvwQLRQJAcnXHjr9QVxvamQcd8vs0Zd+a7YEw\n" \
	"eSIl4Zime8Ui0HnWYy497mtiJJ5vsqhg/Q2sog6HdaA1dpEO6PbYSaDd4QJATmkv\n" \
	"RubE1AQVNMZ3CyhOj3U0DzF6WEg+fBLvcvuD06zR/E5koXjEonmPOJeQGg2x8Iug\n" \
	"dysfY5iqJHNFY4tohQJBAKHeizb7wboit/zbA6+hdeP0ClFYfQhvxXdufVahSRXK\n" \
	"ElTzbQGckE/e0REf+nRnBWH2JIRirEVIXs/ihSJLU5g=\n" \
	"-----END RSA PRIVATE KEY-----\n"
#define RSA_TRAILING \
	"-----BEGIN RSA PRIVATE KEY-----\n" \
	"MIICXAIBAAKBgQDU/ApTBO6H/xsV0pqUR8Pc288yi/npH2O9WqaSWUVl7uBeanxK\n" \
	"wN0FylcWYESXo5J1iQ1FSIwBbqBaPgii9DsxP2hhiI7DnAendkogqgJfokfrR+zV\n" \
	"dAtUSAnAWOlbNiiS57RB9/soRn0eBfc/OpEnypq++av+tVbtG8Ud6swVZQIDAQAB\n" \
	"AoGAP9R9X54VwqpAusyQSSos1+8EbLiooCYpJSGa1Ddu5fquQX2WXGzqkIawjOMz\n" \
	"C2MZTKJTWNVCKFe4NPNscTHS3waUa4K9Rs6IW+LLHEfDqs/KCAJdsDti5PcFxClM\n" \
	"Nz5eLgrz25pScNFF/Vozd3dX2jeWaDYH7BZkwZPM1sWTwoECQQDqdFacGGmal/1J\n" \
	"YI8UQqlUwdxW3M1lCWjatd56Zmuxl8xytgFdkbMDEbF8ByqR8rclfsKLK8yvqeLo\n" \
	"WrZR/XOhAkEA6I6ceMnnufFY4XIf4NnqeMkRjmmbKK7I0q7ouWYcSCkfsuSKykWm\n" \
	"5oDHSrMMCFy6gK8uYpYDQJC+VgCZvwQLRQJAcnXHjr9QVxvamQcd8vs0Zd+a7YEw\n" \
	"eSIl4Zime8Ui0HnWYy497mtiJJ5vsqhg/Q2sog6HdaA1dpEO6PbYSaDd4QJATmkv\n" \
	"RubE1AQVNMZ3CyhOj3U0DzF6WEg+fBLvcvuD06zR/E5koXjEonmPOJeQGg2x8Iug\n" \
	"dysfY5iqJHNFY4tohQJBAKHeizb7wboit/zbA6+hdeP0ClFYfQhvxXdufVahSRXK\n" \
	"ElTzbQGckE/e0REf+nRnBWH2JIRirEVIXs/ihSJLU5gA\n" \
	"-----END RSA PRIVATE KEY-----\n"
#define RSA_THREE_PRIMES \
	"-----BEGIN RSA PRIVATE KEY-----\n" \
	"MIICfQIBAQKBgQCx6O0PzNQoeNN7qYyrRljXs+mCuedr7oyLHvaGcFvVAwagvLqH\n" \
	"Suu+Mpnag6W9ny0b3r6M2DIQ+68fHI6J/nASCcmFv0vDe7vrfZhVwbZ9QkuL8cFr\n" \
	"6q82l6KAUXZCATvq8a4DRk7BqAi+reN2qjodYiKtq4fqsnMTOdyT2EnuNwIDAQAB\n" \
	"AoGAPDrZ/s5eSPFWz3fACr//Fc9vz3T2duDErdimpy7kuAGVPdeG4oSnuLVSwaaO\n" \
	"VJ9/ZKzwl/zK/K1cwwzTAoEFnc701zchSeGfmt9roWV7bObpoZlYUeR9kJ3vQXPQ\n" \
	"np/Dx7vJwZOD5vkW0FniOE+FDBuEZzTueYORsvdSSiXRAEkCKzJADzkvQmDTUMtX\n" \
	"ldVQNNlSzIb0PSfdlw0gkHSM94RPteoywd9k6u5CZa8CKx896UAIEBP1Hyj36X/2\n" \
	"pWXaCJgGCY5tGkGgbKMGmNbZFIY7DgiUHGeGPRcCKxLtWA6VA26PCbadtd0UCeP1\n" \
	"sP4ADuzuJRAXvPF5i1113LJrDeVEEM1PixcCKx0H584zb9VLyufD7zuUkz9g6ulx\n" \
	"esHZijN/glO/VpkW4WaWS8UW9IoSiIMCKwEoqEF8A/ooCcLu7mgnzpWfmEqENC6e\n" \
	"M2Fdi6qJBc4aygt4BOMjdkcq14swgYowgYcCKx0C3Fzf2Gh3gi/FqsY3v6JNttwO\n" \
	"S31yu9njGcm1MP7K5sODkWx3fYYr228CKwpKFXYrPknu+RGQff1HkIQ0JALwXv3j\n" \
	"T5T74w2TYgk8VZRKea2Kw85uh6kCKw7WISq3Dt4Biu4Fxf42V51S9DAiyDfZo3uo\n" \
	"7A72rGTmeyalXQu4RCnn0Zw=\n" \
	"-----END RSA PRIVATE KEY-----\n"
#define RSA_NOT_MINIMAL \
	"-----BEGIN RSA PRIVATE KEY-----\n" \
	"MIICXQICAAACgYEA1PwKUwTuh/8bFdKalEfD3NvPMov56R9jvVqmkllFZe7gXmp8\n" \
	"SsDdBcpXFmBEl6OSdYkNRUiMAW6gWj4IovQ7MT9oYYiOw5wHp3ZKIKoCX6JH60fs\n" \
	"1XQLVEgJwFjpWzYokue0Qff7KEZ9HgX3PzqRJ8qavvmr/rVW7RvFHerMFWUCAwEA\n" \
	"AQKBgD/UfV+eFcKqQLrMkEkqLNfvBGy4qKAmKSUhmtQ3buX6rkF9llxs6pCGsIzj\n" \
	"MwtjGUyiU1jVQihXuDTzbHEx0t8GlGuCvUbOiFviyxxHw6rPyggCXbA7YuT3BcQp\n" \
	"TDc+Xi4K89uaUnDRRf1aM3d3V9o3lmg2B+wWZMGTzNbFk8KBAkEA6nRWnBhpmpf9\n" \
	"SWCPFEKpVMHcVtzNZQlo2rXeemZrsZfMcrYBXZGzAxGxfAcqkfK3JX7CiyvMr6ni\n" \
	"6Fq2Uf1zoQJBAOiOnHjJ57nxWOFyH+DZ6njJEY5pmyiuyNKu6LlmHEgpH7LkispF\n" \
	"puaAx0qzDAhcuoCvLmKWA0CQvlYAmb8EC0UCQHJ1x46/UFcb2pkHHfL7NGXfmu2B\n" \
	"MHkiJeGYpnvFItB51mMuPe5rYiSeb7KoYP0NrKIOh3WgNXaRDuj22Emg3eECQE5p\n" \
	"L0bmxNQEFTTGdwsoTo91NA8xelhIPnwS73L7g9Os0fxOZKF4xKJ5jziXkBoNsfCL\n" \
	"oHcrH2OYqiRzRWOLaIUCQQCh3os2+8G6Irf82wOvoXXj9ApRWH0Ib8V3bn1WoUkV\n" \
	"yhJU820BnJBP3tERH/p0ZwVh9iSEYqxFSF7P4oUiS1OY\n" \
	"-----END RSA PRIVATE KEY-----\n"
#define RSA_ENCRYPTED_PKCS8 \
	"-----BEGIN ENCRYPTED PRIVATE KEY-----\n" \
	"MIIC3TBXBgkqhkiG9w0BBQ0wSjApBgkqhkiG9w0BBQwwHAQIzcJ1XGZr98cCAggA\n" \
	"MAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUDBAECBBDGGl5usZ8lniiecUwJOmu7BIIC\n" \
	"gN75QGLh4fYbjCKVzsON89IZq0+Og7XTT4A1wSaJfwf3OdLDBWKPedaYRt/zBr7Q\n" \
	"RnJJbCuEHlhHikl7IDdC311SjePgPI1caYpylcLLM+Xc4c2RfVs5cw2PQmAVnT/p\n" \
	"58bV5dlw1hLK3/Be5lGokLXewDnaSO3wEEgjWGl8Yb6ETqMp/qk4NqOW4SDhFOz3\n" \
	"p/sNX2HE6owcsU/m8tD4Z3xtVBqSCodLHpPDn15jmoFDBiyzGv2RuXamsaN2ypd0\n" \
	"CSl+Jv4abGCe/88Dg1AXu7OIbHueTw3sGC45UexWdebXIYZ7EvQMqYpt38c00UqC\n" \
	"zp1ZuUWZduo6KAwsaJEUU2jF9AGTH8opD/ULHToIh7AL48tNffEyzitb5kNAsbsG\n" \
	"9SyZJO5x+95ijo7DdYNcxeOk45joljQ/kAFkyOtMmHZ3x2u6D4tLVdML/d6CCZ2d\n" \
	"WPTwNbolOaW6oUrIb+lB2hvJGJpQc/buHxNdxfMUnCJOUCihpKr6kXx0ARsqfWYH\n" \
	"RDlmLFS2WypzSP7bJtyEprS9C60dVG9Jht+xVPxxggANfpR/pR6x5gsMyoeMC01s\n" \
	"7JBOo5bXvAMikdNGHRZ+G/cQe5xMLAJeeqzNDZ65MdA63AGcZ2qXznhTdd+Qk/IW\n" \
	"XjA4M5GcdX+D5Cf0ceG2aFcpUdIHvMJ5/LJ5yYtHt4nGnmdJikSnYwdB1kjYUJhW\n" \
	"l8Mbu0aftCjObEdutc78Abki2Jv2OaaVpY6w1OCDVuOVQvAiFVUhYBUjkk25932m\n" \
	"Omas8sclQ2gfber39B7BU+yTaJtXldGn+3R3lv1al/zDnCFxyYGFlAIz4wKd2/9V\n" \
	"Qag/TP4Cjj1o5FY72ovX0Uc=\n" \
	"-----END ENCRYPTED PRIVATE KEY-----\n"
#define RSA_ENCRYPTED_OLD \
	"-----BEGIN RSA PRIVATE KEY-----\n" \
	"Proc-Type: 4,ENCRYPTED\n" \
	"DEK-Info: AES-128-CBC,6FA3E5A5975C83805244D91448D42190\n" \
	"\n" \
	"YmMauejD2Su1zalIipDR/cU18f0SRAcrUnhDgOuMfXQOsM+qpaGAAS/5nGT6qcGm\n" \
	"E7qVAhzgdtHS3AohCkubge8rYdJtQc2aUP/cPf8ts75p3GD55BtE9Kt85v9dddN1\n" \
	"D7SqeJTR4OnJD1DwX6FCkHsh65sgznIpqWZGs832ZidfqlGRyjJ8fWQV6J8B+b9e\n" \
	"9udlJhRizSXyg8sjq4nuYYBd5eCGaFl1xn8vlMiPI2bsO1kMPtZP3wQHUCayMphM\n" \
	"ZCxTaeHk+GRXqfWI5T7YASVP5kIw+cXBGKobyB8MrZL6hHZQiIr4KtT1yG3R9Jvf\n" \
	"TD/DZ0s/ZWGN0Xr89xUQc0HvatzK6U/Gwn5GRxZ+XW+4tctzOq1mLaBrmcLkftWJ\n" \
	"iIa/rkBlFNjuqleuHUfrAkNvHGTCTPd9jL4IZ20HgBa8NEn6dcJTLgTiAr132uXS\n" \
	"oziegFGbfumlpTS4VHSNZ61A703mTm0dqipw+SS+QN0LJ/JpI+rzfFfoCfsPB0K9\n" \
	"/ZT9z4ZWFyiAd9omRYAHP9e56nwI+yxVYXYYuANG8CUcIAlZ+LmC4JLeLn/skS3l\n" \
	"LQAJNcxTr/ja4VKLvj7YTAxQUSvfzEmhNrfQNOvi+4cupE8NByi24i61YXjUj0o9\n" \
	"uBo1naNP7Jj8GCG40RkNPH7SXget/PUneCgQaSoNoigwBT2ONhhdF1zJftzQRbRK\n" \
	"q+3MW929emDBZXUTF39wkpMH31OkIE6qsbKdYEC87WjoCz1/Zwpma6y/R6q0fenh\n" \
	"rSbp+DhDQ8j7N8bp5qdzfQqBYy8uqwgbmMlaKw52WtZf5Si4IwRdScwc46ve2S0K\n" \
	"-----END RSA PRIVATE KEY-----\n"
#define RSA_PSS \
	"-----BEGIN PRIVATE KEY-----\n" \
	"MIICcgIBADALBgkqhkiG9w0BAQoEggJeMIICWgIBAAKBgQDKJGb6Nirpy/ueLR3x\n" \
	"GmonytlY7Nn5wVMEWGZCWwo74mAa3P9CdgS8Vaxt66QgIzfl+s43nMkh2FXu6gF9\n" \
	"bfX0mP67Rtj1Seo7wnQJ20ePUtcrBDLKu51iv5/z4SyxJzv9QYUablCTavCKPwiy\n" \
	"QfaiT+ITLLm8tw/jvEPpTIFVgwIDAQABAoGANXVzFnEE4Ffl72sXJBBMSsHGwVHC\n" \
	"Q97wyZFnWd0h07yGlhQkHbuAfR5bP6a1/RnTSqsNpn98YcsIzupsAnP2O4Vhlwwa\n" \
	"d0sAmiUoG5/tcfKY9w6qgq/zthSu5qy1Qk6QLCOlohPNIeCdkfa6VD9maEcCpMYu\n" \
	"YR/VGmImL7f4gSECQQDsWrtkcVb1DzXag9kd5Fhy5OJPqMNmdku58SScjHID82pa\n" \
	"10j0KqwSfBm+/9OX0PV8rDYXEw5+67dBpWjmkJPtAkEA2vGvcxKrEkW1DnwzsX8S\n" \
	"t1+ejllxlXT9BUE5Frh8Da6gbvQoqQLnFVixMJ/0y24N/jzWoexJ7OXPYKyJDSNB\n" \
	"LwJAfoY3qJZP0ZHZ52cLdEgH3UGPsMsMBy6ubRSc370DUAAfYA+9OxAY2zBZ6/gx\n" \
	"QiUXNS1PK10FNoZirJ6qoDqnJQJAHqvu9ULvPj8PrzjNEReJKrE1iCGVnOdnrr3F\n" \
	"Xp53mn8VMJX5wDuM3duv7uzpoToIsc4aD1MHxC0pkRR6mqGOtwI/OdlLKFw5q6V2\n" \
	"XUJ6mFmzdkUXOZf/K/TV7vFAHQhfIST0MPv9eOwrrscRtU3On+FEDwYbZ3e7gqaZ\n" \
	"5+fKMn88\n" \
	"-----END PRIVATE KEY-----\n"
#define P224_SEC1 \
	"-----BEGIN EC PRIVATE KEY-----\n" \
	"MGgCAQEEHMQnKCcV7vt/m2JVn+NVSROo5kwXCwGEgj0kidGgBwYFK4EEACGhPAM6\n" \
	"AARRuHk86tNcZq1XzEDk8cVXHvvZ8PeMywO4NihCakv1+erdJsH0RU7HKxn+NCQr\n" \
	"ScEmvyWQWcRv+A==\n" \
	"-----END EC PRIVATE KEY-----\n"
#define P224_PKCS8 \
	"-----BEGIN PRIVATE KEY-----\n" \
	"MHgCAQAwEAYHKoZIzj0CAQYFK4EEACEEYTBfAgEBBBzEJygnFe77f5tiVZ/jVUkT\n" \
	"qOZMFwsBhII9JInRoTwDOgAEUbh5POrTXGatV8xA5PHFVx772fD3jMsDuDYoQmpL\n" \
	"9fnq3SbB9EVOxysZ/jQkK0nBJr8lkFnEb/g=\n" \
	"-----END PRIVATE KEY-----\n"
#define P256_SEC1 \
	"-----BEGIN EC PRIVATE KEY-----\n" \
	"MHcCAQEEIPgPFodUzVmSdba1XrNdNepP9LFtURmQacd6x/5J1bXZoAoGCCqGSM49\n" \
	"AwEHoUQDQgAEcnsksZpSmRMasiaERZiOisb2hNZvz99F+IwprTtIl9fIhAIve3zz\n" \
	"2tBCQW2XgKUC/+EFa3MD4KziPxuwfe5fng==\n" \
	"-----END EC PRIVATE KEY-----\n"
#define P256_PKCS8 \
	"-----BEGIN PRIVATE KEY-----\n" \
	"MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg+A8Wh1TNWZJ1trVe\n" \
	"s1016k/0sW1RGZBpx3rH/knVtdmhRANCAARyeySxmlKZExqyJoRFmI6KxvaE1m/P\n" \
	"30X4jCmtO0iX18iEAi97fPPa0EJBbZeApQL/4QVrcwPgrOI/G7B97l+e\n" \
	"-----END PRIVATE KEY-----\n"
#define P384_SEC1 \
	"-----BEGIN EC PRIVATE KEY-----\n" \
	"MIGkAgEBBDATFvhi+HjuinzmUDZOLX72WYRLkiIlQgkhd/0MZV57r7l/NO7eLdqS\n" \
	"IrYF9lzhIimgBwYFK4EEACKhZANiAATPJs66LKui6MBy0sCjUoUcNlyzPg0YC6GU\n" \
	"AxJMFGSIZ39YkjC5jDR6Wlew0STILH9NfvPDXh+KyHzZKVqxmXeB1vYczF4ieBB5\n" \
	"4nXm0SLmvXrxZRwl6F3V9S4xCUm2tMQ=\n" \
	"-----END EC PRIVATE KEY-----\n"
#define P384_PKCS8 \
	"-----BEGIN PRIVATE KEY-----\n" \
	"MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDATFvhi+HjuinzmUDZO\n" \
	"LX72WYRLkiIlQgkhd/0MZV57r7l/NO7eLdqSIrYF9lzhIimhZANiAATPJs66LKui\n" \
	"6MBy0sCjUoUcNlyzPg0YC6GUAxJMFGSIZ39YkjC5jDR6Wlew0STILH9NfvPDXh+K\n" \
	"yHzZKVqxmXeB1vYczF4ieBB54nXm0SLmvXrxZRwl6F3V9S4xCUm2tMQ=\n" \
	"-----END PRIVATE KEY-----\n"
#define P521_SEC1 \
	"-----BEGIN EC PRIVATE KEY-----\n" \
	"MIHcAgEBBEIBENHqAsopBksiqFCsoMBTH1CF4aLpNuVqzByjRukdZu5uHoGY6Gwq\n" \
	"kn2JXndelHUN/8UnfW73KYarhyNvMDkwnUSgBwYFK4EEACOhgYkDgYYABAE2nYYT\n" \
	"4H3hESEUUvCtbIeIL9yuWOkzCQjQjd+v/GSTszQLk5VD8wN8E6mC86hPQo9j8z9T\n" \
	"22GYdzcgvHkknFUfUgAn6n/cF88yFPX9F2MUwRalLzB0W4+n3Ar+ria6ksS37Sju\n" \
	"ekBcb56TxMwgJ2bUAJRj6IEEGX3mUgPaUK6WOOqaJA==\n" \
	"-----END EC PRIVATE KEY-----\n"
#define P521_PKCS8 \
	"-----BEGIN PRIVATE KEY-----\n" \
	"MIHuAgEAMBAGByqGSM49AgEGBSuBBAAjBIHWMIHTAgEBBEIBENHqAsopBksiqFCs\n" \
	"oMBTH1CF4aLpNuVqzByjRukdZu5uHoGY6Gwqkn2JXndelHUN/8UnfW73KYarhyNv\n" \
	"MDkwnUShgYkDgYYABAE2nYYT4H3hESEUUvCtbIeIL9yuWOkzCQjQjd+v/GSTszQL\n" \
	"k5VD8wN8E6mC86hPQo9j8z9T22GYdzcgvHkknFUfUgAn6n/cF88yFPX9F2MUwRal\n" \
	"LzB0W4+n3Ar+ria6ksS37SjuekBcb56TxMwgJ2bUAJRj6IEEGX3mUgPaUK6WOOqa\n" \
	"JA==\n" \
	"-----END PRIVATE KEY-----\n"
#define P256_PARAMETERS \
	"-----BEGIN EC PARAMETERS-----\n" \
	"BggqhkjOPQMBBw==\n" \
	"-----END EC PARAMETERS-----\n" \
	"-----BEGIN EC PRIVATE KEY-----\n" \
	"MHcCAQEEIPgPFodUzVmSdba1XrNdNepP9LFtURmQacd6x/5J1bXZoAoGCCqGSM49\n" \
	"AwEHoUQDQgAEcnsksZpSmRMasiaERZiOisb2hNZvz99F+IwprTtIl9fIhAIve3zz\n" \
	"2tBCQW2XgKUC/+EFa3MD4KziPxuwfe5fng==\n" \
	"-----END EC PRIVATE KEY-----\n"
#define P256_NO_PUBLIC \
	"-----BEGIN EC PRIVATE KEY-----\n" \
	"MDECAQEEIPgPFodUzVmSdba1XrNdNepP9LFtURmQacd6x/5J1bXZoAoGCCqGSM49\n" \
	"AwEH\n" \
	"-----END EC PRIVATE KEY-----\n"
#define P256_COMPRESSED \
	"-----BEGIN EC PRIVATE KEY-----\n" \
	"MFcCAQEEIPgPFodUzVmSdba1XrNdNepP9LFtURmQacd6x/5J1bXZoAoGCCqGSM49\n" \
	"AwEHoSQDIgACcnsksZpSmRMasiaERZiOisb2hNZvz99F+IwprTtIl9c=\n" \
	"-----END EC PRIVATE KEY-----\n"
#define P256_EXPLICIT \
	"-----BEGIN EC PRIVATE KEY-----\n" \
	"MIIBaAIBAQQg+A8Wh1TNWZJ1trVes1016k/0sW1RGZBpx3rH/knVtdmggfowgfcC\n" \
	"AQEwLAYHKoZIzj0BAQIhAP////8AAAABAAAAAAAAAAAAAAAA////////////////\n" \
	"MFsEIP////8AAAABAAAAAAAAAAAAAAAA///////////////8BCBaxjXYqjqT57Pr\n" \
	"vVV2mIa8ZR0GsMxTsPY7zjw+J9JgSwMVAMSdNgiG5wSTamZ44ROdJreBn36QBEEE\n" \
	"axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54W\n" \
	"K84zV2sxXs7LtkBoN79R9QIhAP////8AAAAA//////////+85vqtpxeehPO5ysL8\n" \
	"YyVRAgEBoUQDQgAEcnsksZpSmRMasiaERZiOisb2hNZvz99F+IwprTtIl9fIhAIv\n" \
	"e3zz2tBCQW2XgKUC/+EFa3MD4KziPxuwfe5fng==\n" \
	"-----END EC PRIVATE KEY-----\n"
#define P256_WRONG_POINT \
	"-----BEGIN EC PRIVATE KEY-----\n" \
	"MHcCAQEEIPgPFodUzVmSdba1XrNdNepP9LFtURmQacd6x/5J1bXZoAoGCCqGSM49\n" \
	"AwEHoUQDQgAEAQH8qKuAD8W1bcp+b/BmxWE6ZFiJM8hwCKbDgLREzjMOXb8s/yv+\n" \
	"YC9M89098avOFEOh2JjFeQqxM+MjdjwLzw==\n" \
	"-----END EC PRIVATE KEY-----\n"
#define P256_WRONG_SCALAR \
	"-----BEGIN EC PRIVATE KEY-----\n" \
	"MHcCAQEEIBQnRKRFxo9BqnOFAYwBQN4cf+Hvkjy0amwkYA1q6kIloAoGCCqGSM49\n" \
	"AwEHoUQDQgAEcnsksZpSmRMasiaERZiOisb2hNZvz99F+IwprTtIl9fIhAIve3zz\n" \
	"2tBCQW2XgKUC/+EFa3MD4KziPxuwfe5fng==\n" \
	"-----END EC PRIVATE KEY-----\n"
#define P256_SCALAR_PADDED \
	"-----BEGIN EC PRIVATE KEY-----\n" \
	"MHkCAQEEIgAA+A8Wh1TNWZJ1trVes1016k/0sW1RGZBpx3rH/knVtdmgCgYIKoZI\n" \
	"zj0DAQehRANCAARyeySxmlKZExqyJoRFmI6KxvaE1m/P30X4jCmtO0iX18iEAi97\n" \
	"fPPa0EJBbZeApQL/4QVrcwPgrOI/G7B97l+e\n" \
	"-----END EC PRIVATE KEY-----\n"
#define P256_SCALAR_N \
	"-----BEGIN EC PRIVATE KEY-----\n" \
	"MHcCAQEEIP////8AAAAA//////////+85vqtpxeehPO5ysL8YyVRoAoGCCqGSM49\n" \
	"AwEHoUQDQgAEcnsksZpSmRMasiaERZiOisb2hNZvz99F+IwprTtIl9fIhAIve3zz\n" \
	"2tBCQW2XgKUC/+EFa3MD4KziPxuwfe5fng==\n" \
	"-----END EC PRIVATE KEY-----\n"
#define P256_SCALAR_ZERO \
	"-----BEGIN EC PRIVATE KEY-----\n" \
	"MHcCAQEEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAoAoGCCqGSM49\n" \
	"AwEHoUQDQgAEcnsksZpSmRMasiaERZiOisb2hNZvz99F+IwprTtIl9fIhAIve3zz\n" \
	"2tBCQW2XgKUC/+EFa3MD4KziPxuwfe5fng==\n" \
	"-----END EC PRIVATE KEY-----\n"
#define P256_NO_CURVE \
	"-----BEGIN EC PRIVATE KEY-----\n" \
	"MGsCAQEEIPgPFodUzVmSdba1XrNdNepP9LFtURmQacd6x/5J1bXZoUQDQgAEcnsk\n" \
	"sZpSmRMasiaERZiOisb2hNZvz99F+IwprTtIl9fIhAIve3zz2tBCQW2XgKUC/+EF\n" \
	"a3MD4KziPxuwfe5fng==\n" \
	"-----END EC PRIVATE KEY-----\n"
#define SECP256K1 \
	"-----BEGIN EC PRIVATE KEY-----\n" \
	"MHQCAQEEIOQqMPStexwsZmiLDOodHtrNbXFe4Nk8phVNfmLQgELGoAcGBSuBBAAK\n" \
	"oUQDQgAEBlMTLPkl+K8cw//wsCB7ityh+0X5SSbcMrVROi+vs3fbvb4lfYNH36SN\n" \
	"+zMXG4maE4nd6Go0knsKpKQeisj06w==\n" \
	"-----END EC PRIVATE KEY-----\n"
#define ED25519 \
	"-----BEGIN PRIVATE KEY-----\n" \
	"MC4CAQAwBQYDK2VwBCIEIPlMgQmcojI2ZYRTgk5WxR/WuEwUKzMHClZAUQHDXSZM\n" \
	"-----END PRIVATE KEY-----\n"
#define ED25519_SHORT \
	"-----BEGIN PRIVATE KEY-----\n" \
	"MC0CAQAwBQYDK2VwBCEEHwEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n" \
	"-----END PRIVATE KEY-----\n"
#define ED448 \
	"-----BEGIN PRIVATE KEY-----\n" \
	"MEcCAQAwBQYDK2VxBDsEOeYW24nV+vOTFKEPLKTjksFcj4TR1yggy2K4XfTSfhyQ\n" \
	"Cb27JEe0OF+5OB7k8E9oZCQlHTl/nj1tzA==\n" \
	"-----END PRIVATE KEY-----\n"
#define X25519 \
	"-----BEGIN PRIVATE KEY-----\n" \
	"MC4CAQAwBQYDK2VuBCIEIOjMqeD5cBE+gmqRjyWeXsCo9eLQPW249Ffgo4zdoaty\n" \
	"-----END PRIVATE KEY-----\n"
#define DSA_OLD \
	"-----BEGIN DSA PRIVATE KEY-----\n" \
	"MIIBygIBAAKBgQC26tiWIHWGzc1xsdDwwu5m1TFDBwHmhn7imxIeZycYGy+s5/vI\n" \
	"DExTgWEvGq+SQGtNyYMCszWv0VE3Gi6oxiTNEhhr1XYqD5CBWwP3um+3ic/KXyWV\n" \
	"0i5E0HVLNHnJHkdt0k9VV02cG9OeDLFt7AwU6snVzqwEgQjor4pTgDvCOQIdAPAR\n" \
	"T65tBExXzi/1aDdy2TkZARS6fmhKEEYf1ycCgYADpbjgwD0dZ1pyf/uVyKKxnKI2\n" \
	"Ak8Yy19AFGhrTjACBDTW7SCUursnG7ItNuPA+xdSNGf51//q+/U6Pk86HN1ipxgf\n" \
	"Zr17e0m8b8gQeGZdMqOp1JmsieQqfbjPN8GZQ88tROFf2KaAeOOnp0riedW4k+8g\n" \
	"ZIBwTQ/HvoSM3spNkQKBgF6fqI1Y4JxtRBrGTk0o7J7T6mhFQenyElejdVO1+OI+\n" \
	"uzXPDZc4NmcS7BDfOlzy8+8Izp1DTNaxYjyNIHpaDzjbt25qJcx/Lkl7ST+7r3zu\n" \
	"Q3gGiP72jGCC1urR38nGBnmflB2iVuOqxJD1HGVAvaa2nJ8n0KR25TtQBBuloJu+\n" \
	"AhwbAI6/qnjNZakvQAKSSRypLMU6+IsRZCquwbZB\n" \
	"-----END DSA PRIVATE KEY-----\n"
#define DSA_PKCS8 \
	"-----BEGIN PRIVATE KEY-----\n" \
	"MIIBWgIBADCCATMGByqGSM44BAEwggEmAoGBALbq2JYgdYbNzXGx0PDC7mbVMUMH\n" \
	"AeaGfuKbEh5nJxgbL6zn+8gMTFOBYS8ar5JAa03JgwKzNa/RUTcaLqjGJM0SGGvV\n" \
	"dioPkIFbA/e6b7eJz8pfJZXSLkTQdUs0eckeR23ST1VXTZwb054MsW3sDBTqydXO\n" \
	"rASBCOivilOAO8I5Ah0A8BFPrm0ETFfOL/VoN3LZORkBFLp+aEoQRh/XJwKBgAOl\n" \
	"uODAPR1nWnJ/+5XIorGcojYCTxjLX0AUaGtOMAIENNbtIJS6uycbsi0248D7F1I0\n" \
	"Z/nX/+r79To+Tzoc3WKnGB9mvXt7SbxvyBB4Zl0yo6nUmayJ5Cp9uM83wZlDzy1E\n" \
	"4V/YpoB446enSuJ51biT7yBkgHBND8e+hIzeyk2RBB4CHBsAjr+qeM1lqS9AApJJ\n" \
	"HKksxTr4ixFkKq7BtkE=\n" \
	"-----END PRIVATE KEY-----\n"
#define OPENSSH \
	"-----BEGIN OPENSSH PRIVATE KEY-----\n" \
	"b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n" \
	"AAAAAAAAAAAAAAAAAAAA\n" \
	"-----END OPENSSH PRIVATE KEY-----\n"
#define PUBLIC_ONLY \
	"-----BEGIN PUBLIC KEY-----\n" \
	"MCowBQYDK2VwAyEAJok3De/M3zndwduabC1T1zlcR/RQWMM3xkDgTTtZBsk=\n" \
	"-----END PUBLIC KEY-----\n"
#define CERTIFICATE_ONLY \
	"-----BEGIN CERTIFICATE-----\n" \
	"MIIBLDCB36ADAgECAhR1QZ8H6HnI3qd/u2j+5lr5ylFGOzAFBgMrZXAwDDEKMAgG\n" \
	"A1UEAwwBYTAeFw0yNjExMjEwMTExMzJaFw0zNjExMTgwMTExMzJaMAwxCjAIBgNV\n" \
	"BAMMAWEwKjAFBgMrZXADIQAmiTcN78zfOd3B25psLVPXOVxH9FBYwzfGQOBNO1kG\n" \
	"yaNTMFEwHQYDVR0OBBYEFCCFMaiudCvxuWKUJh5I6orcVJbQMB8GA1UdIwQYMBaA\n" \
	"FCCFMaiudCvxuWKUJh5I6orcVJbQMA8GA1UdEwEB/wQFMAMBAf8wBQYDK2VwA0EA\n" \
	"TzkJG2HAYbYfjPt58XOwc382+31U5kJ2M92Mj644zF4T7/H9rvmEg4quKoM/E/hC\n" \
	"JZ5+d/SHNzuxbtPBuit5CQ==\n" \
	"-----END CERTIFICATE-----\n"
#define CERTIFICATE_FIRST \
	"-----BEGIN CERTIFICATE-----\n" \
	"MIIBLDCB36ADAgECAhR1QZ8H6HnI3qd/u2j+5lr5ylFGOzAFBgMrZXAwDDEKMAgG\n" \
	"A1UEAwwBYTAeFw0yNjExMjEwMTExMzJaFw0zNjExMTgwMTExMzJaMAwxCjAIBgNV\n" \
	"BAMMAWEwKjAFBgMrZXADIQAmiTcN78zfOd3B25psLVPXOVxH9FBYwzfGQOBNO1kG\n" \
	"yaNTMFEwHQYDVR0OBBYEFCCFMaiudCvxuWKUJh5I6orcVJbQMB8GA1UdIwQYMBaA\n" \
	"FCCFMaiudCvxuWKUJh5I6orcVJbQMA8GA1UdEwEB/wQFMAMBAf8wBQYDK2VwA0EA\n" \
	"TzkJG2HAYbYfjPt58XOwc382+31U5kJ2M92Mj644zF4T7/H9rvmEg4quKoM/E/hC\n" \
	"JZ5+d/SHNzuxbtPBuit5CQ==\n" \
	"-----END CERTIFICATE-----\n" \
	"-----BEGIN PRIVATE KEY-----\n" \
	"MC4CAQAwBQYDK2VwBCIEIPlMgQmcojI2ZYRTgk5WxR/WuEwUKzMHClZAUQHDXSZM\n" \
	"-----END PRIVATE KEY-----\n"

/* SubjectPublicKeyInfo, and where the modulus or the point lies in it. */
struct data_public {
	enum key_type type;
	enum curve curve;
	size_t at, n, size;
	uint8_t der[192];
};

static const struct data_public public_rsa = {KEY_RSA, CURVE_NONE, 29, 128, 162,
    {0x30, 0x81, 0x9f, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01,
    0x05, 0x00, 0x03, 0x81, 0x8d, 0x00, 0x30, 0x81, 0x89, 0x02, 0x81, 0x81, 0x00, 0xd4, 0xfc, 0x0a,
    0x53, 0x04, 0xee, 0x87, 0xff, 0x1b, 0x15, 0xd2, 0x9a, 0x94, 0x47, 0xc3, 0xdc, 0xdb, 0xcf, 0x32,
    0x8b, 0xf9, 0xe9, 0x1f, 0x63, 0xbd, 0x5a, 0xa6, 0x92, 0x59, 0x45, 0x65, 0xee, 0xe0, 0x5e, 0x6a,
    0x7c, 0x4a, 0xc0, 0xdd, 0x05, 0xca, 0x57, 0x16, 0x60, 0x44, 0x97, 0xa3, 0x92, 0x75, 0x89, 0x0d,
    0x45, 0x48, 0x8c, 0x01, 0x6e, 0xa0, 0x5a, 0x3e, 0x08, 0xa2, 0xf4, 0x3b, 0x31, 0x3f, 0x68, 0x61,
    0x88, 0x8e, 0xc3, 0x9c, 0x07, 0xa7, 0x76, 0x4a, 0x20, 0xaa, 0x02, 0x5f, 0xa2, 0x47, 0xeb, 0x47,
    0xec, 0xd5, 0x74, 0x0b, 0x54, 0x48, 0x09, 0xc0, 0x58, 0xe9, 0x5b, 0x36, 0x28, 0x92, 0xe7, 0xb4,
    0x41, 0xf7, 0xfb, 0x28, 0x46, 0x7d, 0x1e, 0x05, 0xf7, 0x3f, 0x3a, 0x91, 0x27, 0xca, 0x9a, 0xbe,
    0xf9, 0xab, 0xfe, 0xb5, 0x56, 0xed, 0x1b, 0xc5, 0x1d, 0xea, 0xcc, 0x15, 0x65, 0x02, 0x03, 0x01,
    0x00, 0x01}};

static const struct data_public public_p224 = {KEY_EC, CURVE_P224, 23, 57, 80,
    {0x30, 0x4e, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b,
    0x81, 0x04, 0x00, 0x21, 0x03, 0x3a, 0x00, 0x04, 0x51, 0xb8, 0x79, 0x3c, 0xea, 0xd3, 0x5c, 0x66,
    0xad, 0x57, 0xcc, 0x40, 0xe4, 0xf1, 0xc5, 0x57, 0x1e, 0xfb, 0xd9, 0xf0, 0xf7, 0x8c, 0xcb, 0x03,
    0xb8, 0x36, 0x28, 0x42, 0x6a, 0x4b, 0xf5, 0xf9, 0xea, 0xdd, 0x26, 0xc1, 0xf4, 0x45, 0x4e, 0xc7,
    0x2b, 0x19, 0xfe, 0x34, 0x24, 0x2b, 0x49, 0xc1, 0x26, 0xbf, 0x25, 0x90, 0x59, 0xc4, 0x6f, 0xf8}};

static const struct data_public public_p256 = {KEY_EC, CURVE_P256, 26, 65, 91,
    {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04, 0x72, 0x7b, 0x24, 0xb1, 0x9a,
    0x52, 0x99, 0x13, 0x1a, 0xb2, 0x26, 0x84, 0x45, 0x98, 0x8e, 0x8a, 0xc6, 0xf6, 0x84, 0xd6, 0x6f,
    0xcf, 0xdf, 0x45, 0xf8, 0x8c, 0x29, 0xad, 0x3b, 0x48, 0x97, 0xd7, 0xc8, 0x84, 0x02, 0x2f, 0x7b,
    0x7c, 0xf3, 0xda, 0xd0, 0x42, 0x41, 0x6d, 0x97, 0x80, 0xa5, 0x02, 0xff, 0xe1, 0x05, 0x6b, 0x73,
    0x03, 0xe0, 0xac, 0xe2, 0x3f, 0x1b, 0xb0, 0x7d, 0xee, 0x5f, 0x9e}};

static const struct data_public public_p384 = {KEY_EC, CURVE_P384, 23, 97, 120,
    {0x30, 0x76, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b,
    0x81, 0x04, 0x00, 0x22, 0x03, 0x62, 0x00, 0x04, 0xcf, 0x26, 0xce, 0xba, 0x2c, 0xab, 0xa2, 0xe8,
    0xc0, 0x72, 0xd2, 0xc0, 0xa3, 0x52, 0x85, 0x1c, 0x36, 0x5c, 0xb3, 0x3e, 0x0d, 0x18, 0x0b, 0xa1,
    0x94, 0x03, 0x12, 0x4c, 0x14, 0x64, 0x88, 0x67, 0x7f, 0x58, 0x92, 0x30, 0xb9, 0x8c, 0x34, 0x7a,
    0x5a, 0x57, 0xb0, 0xd1, 0x24, 0xc8, 0x2c, 0x7f, 0x4d, 0x7e, 0xf3, 0xc3, 0x5e, 0x1f, 0x8a, 0xc8,
    0x7c, 0xd9, 0x29, 0x5a, 0xb1, 0x99, 0x77, 0x81, 0xd6, 0xf6, 0x1c, 0xcc, 0x5e, 0x22, 0x78, 0x10,
    0x79, 0xe2, 0x75, 0xe6, 0xd1, 0x22, 0xe6, 0xbd, 0x7a, 0xf1, 0x65, 0x1c, 0x25, 0xe8, 0x5d, 0xd5,
    0xf5, 0x2e, 0x31, 0x09, 0x49, 0xb6, 0xb4, 0xc4}};

static const struct data_public public_p521 = {KEY_EC, CURVE_P521, 25, 133, 158,
    {0x30, 0x81, 0x9b, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05,
    0x2b, 0x81, 0x04, 0x00, 0x23, 0x03, 0x81, 0x86, 0x00, 0x04, 0x01, 0x36, 0x9d, 0x86, 0x13, 0xe0,
    0x7d, 0xe1, 0x11, 0x21, 0x14, 0x52, 0xf0, 0xad, 0x6c, 0x87, 0x88, 0x2f, 0xdc, 0xae, 0x58, 0xe9,
    0x33, 0x09, 0x08, 0xd0, 0x8d, 0xdf, 0xaf, 0xfc, 0x64, 0x93, 0xb3, 0x34, 0x0b, 0x93, 0x95, 0x43,
    0xf3, 0x03, 0x7c, 0x13, 0xa9, 0x82, 0xf3, 0xa8, 0x4f, 0x42, 0x8f, 0x63, 0xf3, 0x3f, 0x53, 0xdb,
    0x61, 0x98, 0x77, 0x37, 0x20, 0xbc, 0x79, 0x24, 0x9c, 0x55, 0x1f, 0x52, 0x00, 0x27, 0xea, 0x7f,
    0xdc, 0x17, 0xcf, 0x32, 0x14, 0xf5, 0xfd, 0x17, 0x63, 0x14, 0xc1, 0x16, 0xa5, 0x2f, 0x30, 0x74,
    0x5b, 0x8f, 0xa7, 0xdc, 0x0a, 0xfe, 0xae, 0x26, 0xba, 0x92, 0xc4, 0xb7, 0xed, 0x28, 0xee, 0x7a,
    0x40, 0x5c, 0x6f, 0x9e, 0x93, 0xc4, 0xcc, 0x20, 0x27, 0x66, 0xd4, 0x00, 0x94, 0x63, 0xe8, 0x81,
    0x04, 0x19, 0x7d, 0xe6, 0x52, 0x03, 0xda, 0x50, 0xae, 0x96, 0x38, 0xea, 0x9a, 0x24}};

static const struct data_public public_ed25519 = {KEY_ED25519, CURVE_NONE, 12, 32, 44,
    {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00, 0x26, 0x89, 0x37, 0x0d,
    0xef, 0xcc, 0xdf, 0x39, 0xdd, 0xc1, 0xdb, 0x9a, 0x6c, 0x2d, 0x53, 0xd7, 0x39, 0x5c, 0x47, 0xf4,
    0x50, 0x58, 0xc3, 0x37, 0xc6, 0x40, 0xe0, 0x4d, 0x3b, 0x59, 0x06, 0xc9}};

#endif
